"""The ports that AWS serves. The only package that knows botocore."""
