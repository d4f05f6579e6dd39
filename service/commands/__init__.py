"""The commands of `zhuanjie`: they read files and arguments, call use cases and print what came of it."""
