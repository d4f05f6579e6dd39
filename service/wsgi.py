"""The application as a WSGI server loads it: `service.wsgi:application`; settings come from the environment."""

from service.app import create_app
from service.config import from_environment

application = create_app(from_environment())
