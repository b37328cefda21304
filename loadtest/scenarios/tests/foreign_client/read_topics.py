"""Reads topics to their ends with confluent-kafka, values with its AvroDeserializer, and prints a JSON line per record.

usage: read_topics.py BOOTSTRAP REGISTRY TOPIC...

Of each record: topic, partition, offset, and either every decimal of its value in the order of the schema and the count
of its leaves, or "error" with the deserializer's words. Records without a value are left out.
"""

import decimal
import json
import sys

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


def describe(message, deserialize):
    record = {"topic": message.topic(), "partition": message.partition(), "offset": message.offset()}
    try:
        value = deserialize(message.value(), SerializationContext(message.topic(), MessageField.VALUE))
    except Exception as error:  # whatever it is, it is the finding
        record["error"] = str(error)
        return record
    scalars = list(leaves(value))
    record["leaves"] = len(scalars)
    record["decimals"] = [format(scalar, "f") for scalar in scalars if isinstance(scalar, decimal.Decimal)]
    return record


def main(bootstrap, registry, *topics):
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "foreign-client",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
        }
    )
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": registry}))
    for topic in topics:
        for message in read(consumer, topic):
            if message.value() is not None:
                print(json.dumps(describe(message, deserialize)))
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
