"""What keeps a deployment from starting, and the operator can put right."""


class DeploymentError(RuntimeError):
    """Its message is all there is to say: it is shown without a traceback."""
