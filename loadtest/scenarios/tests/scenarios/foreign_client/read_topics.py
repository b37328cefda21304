"""Reads topics to their ends with confluent-kafka, values with its AvroDeserializer, and prints a JSON line per record.

usage: read_topics.py [--frames TOPIC]... BOOTSTRAP REGISTRY TOPIC...

On a topic named with --frames, what is in a frame is deserialized too and stands in the place of its bytes.

Of each record: topic, partition, offset, and either every decimal of its value in the order of the schema and the count
of its leaves, or "error" with the deserializer's words. Records without a value are left out.
"""

import argparse
import decimal
import json

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext


def leaves(value):
    """Every scalar in the value, depth first."""
    if isinstance(value, dict):
        for member in value.values():
            yield from leaves(member)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member)
    else:
        yield value


def read(consumer, topic):
    """Every committed record of the topic."""
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
    open_partitions = set(partitions)
    while open_partitions:
        message = consumer.poll(10)
        if message is None:
            raise TimeoutError(f"{topic}: no record and no end of a partition for 10 s")
        if message.error() is None:
            yield message
        elif message.error().code() == KafkaError._PARTITION_EOF:
            open_partitions.discard(message.partition())
        else:
            raise RuntimeError(message.error())
    consumer.unassign()


def describe(message, deserialize, framed):
    described = {"topic": message.topic(), "partition": message.partition(), "offset": message.offset()}
    try:
        context = SerializationContext(message.topic(), MessageField.VALUE)
        value = deserialize(message.value(), context)
        if message.topic() in framed:
            value = [{**record, "value": deserialize(record["value"], context)} for record in value["records"]]
    except Exception as error:  # whatever it is, it is the finding
        described["error"] = str(error)
        return described
    scalars = list(leaves(value))
    described["leaves"] = len(scalars)
    described["decimals"] = [format(scalar, "f") for scalar in scalars if isinstance(scalar, decimal.Decimal)]
    return described


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", action="append", default=[])
    parser.add_argument("bootstrap")
    parser.add_argument("registry")
    parser.add_argument("topics", nargs="+")
    args = parser.parse_args()
    consumer = Consumer(
        {
            "bootstrap.servers": args.bootstrap,
            "group.id": "foreign-client",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
        }
    )
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": args.registry}))
    for topic in args.topics:
        for message in read(consumer, topic):
            if message.value() is not None:
                print(json.dumps(describe(message, deserialize, args.frames)))
    consumer.close()


if __name__ == "__main__":
    main()
