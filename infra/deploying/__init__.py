"""`make deploy`, `diff`, `bootstrap` and `destroy`: CDK's command line on an account."""
