"""`make run`: the same template as on AWS, deployed on a local AWS, in the foreground.

__main__   the command: reads the choices, prints, waits for Ctrl-C
system     start and stop, in order
folder     .darkroom/: what lies where, who holds it, whether it is whole
server     the child process: MiniStack, with the front before it
front      the API at the root of a port of its own
child      the parent's hold on that process
synth      the template, made by CDK or taken from the last time
deploy     assets and stack
roles      one action that MiniStack names in its own way
seed       the demo workspace and its key
stopping   Ctrl-C and SIGTERM
logs       one line for each invocation
screen     colours, or none
"""
