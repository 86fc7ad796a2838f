"""What keeps the stack from being synthesized, and the caller can put right."""


class SynthesisError(RuntimeError):
    """Its message is all there is to say: it is shown without a traceback.

    NodeMissingError     CDK finds no Node to run on
    OptionError          a context key has a value that cannot be meant
    UnknownOptionError   a context key does not exist
    UnknownSettingError  a function's settings name a variable that has no value
    BundleError          a dependency cannot be had for Lambda
    """
