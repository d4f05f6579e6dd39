"""The fictitious reference trees and persons on which all worked examples and scenarios play."""
