"""The reference: the cloud's own MQTT line, sending every request straight back."""

import sys

from cloud import logs
from cloud.adapters.mqtt import BrokerLine
from cloud.intake.listener import BATCH
from cloud.worker import LISTENING, Stop
from protocol import topics

GROUP = topics.SHARED_REQUESTS


def main() -> None:
    logs.configure("warning")
    port, number = int(sys.argv[1]), sys.argv[2]
    line = BrokerLine("127.0.0.1", port, None, name=f"echo-{number}", subscribe=GROUP)
    stop, said = Stop(), False
    while not stop():
        batch = line.receive(0.2, BATCH)
        for arrival in batch:
            reader = topics.reader_of(arrival.topic)
            line.publish(topics.answer(reader), arrival.payload)
            line.acknowledge(arrival)
        line.flush()
        if line.listening and not said:
            said = True
            sys.stdout.write(LISTENING + "\n")
            sys.stdout.flush()
    line.close()


if __name__ == "__main__":
    main()
