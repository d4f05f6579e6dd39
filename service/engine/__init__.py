"""The one door to SpiffWorkflow: a diagram, a state and facts go in, a Progress comes out."""
