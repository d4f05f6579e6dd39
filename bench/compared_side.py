"""One side of a comparison, run in its own checkout: `python -m bench.compared_side FOLDER DATABASE_URL PROCESSES`.

Makes a world, starts servers and says `ready`; each line "CLIENTS SECONDS" then is one round, answered by one line
of JSON. It ends with its input. Everything it uses – service, clients, world – is that of the checkout it stands in.
"""

import json
import sys
from pathlib import Path

import service
from bench.clients import Crew
from bench.served import serving
from bench.world import make_world

WARM_UP_SECONDS = 1.0


def main(folder: Path, database_url: str, processes: int) -> None:
    """Serve rounds until the input ends."""
    here = Path(__file__).parent.parent
    assert Path(service.__file__).is_relative_to(here), f"expected the service of {here}, found {service.__file__}"
    world = make_world(folder, database_url)
    away: set[int] = set()
    crews: dict[int, Crew] = {}
    with serving(world.settings, processes=processes) as servers:
        _say("ready")
        for line in sys.stdin:
            number, seconds = line.split()
            clients = int(number)
            if clients not in crews:
                addresses = [server.address for server in servers]
                crews[clients] = Crew(addresses, world.member_ids, away, clients=clients)
                crews[clients].drive(seconds=WARM_UP_SECONDS)
            before = sum(server.cpu_seconds for server in servers)
            rate = crews[clients].drive(seconds=float(seconds))
            used = sum(server.cpu_seconds for server in servers) - before
            _say({"per_second": rate.per_second, "cpu_ms": used / rate.completions * 1e3})


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
