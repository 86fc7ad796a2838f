"""What is done faster than moto does it (tests/faster_moto.py) answers and stores the same."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.faster_moto import faster_moto
from tests.moto_world import TABLE

NAME = TABLE["TableName"]


def item(place, **values):
    return {"pk": {"S": "WS#acme"}, "sk": {"S": place}, **values}


def put(place, **values):
    return {"Put": {"TableName": NAME, "Item": item(place, **values)}}


def changed(place, condition="attribute_exists(pk)", name="count"):
    return {
        "Update": {
            "TableName": NAME,
            "Key": item(place),
            "UpdateExpression": f"SET {name}s.#one = if_not_exists({name}s.#one, :zero) + :one",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#one": "one"},
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":zero": {"N": "0"}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def deleted(place):
    return {"Delete": {"TableName": NAME, "Key": item(place)}}


TRANSACTIONS = {
    "all is written": [put("new", a={"S": "b"}), changed("old"), deleted("gone")],
    "one condition fails": [put("new"), changed("old"), deleted("gone"), changed("none")],
    "it fails with what it says of it": [deleted("gone"), changed("old", "attribute_exists(x)")],
    "one place twice": [deleted("gone"), changed("old"), changed("old")],
    "it cannot be done": [deleted("gone"), put("old"), changed("other", name="word")],
}
VALUES = {
    "text": {"S": "Möwe"},
    "nothing": {"S": ""},
    "number": {"N": "12.5"},
    "yes": {"BOOL": True},
    "null": {"NULL": True},
    "names": {"SS": ["a", "b"]},
    "list": {"L": [{"N": "1"}, {"M": {"a": {"L": []}}}]},
    "map": {"M": {"S": {"S": "M"}, "empty": {"M": {}}}},
}


def seen(transaction):
    """What is answered, and then stored and in the stream."""
    dynamodb, streams = (boto3.client(name) for name in ("dynamodb", "dynamodbstreams"))
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    dynamodb.create_table(**TABLE, StreamSpecification=stream)
    for place in ("old", "gone", "other"):
        dynamodb.put_item(TableName=NAME, Item=item(place, counts={"M": {}}, **VALUES))
    try:
        answer = dynamodb.transact_write_items(TransactItems=transaction)
    except ClientError as error:
        answer = error.response
    # Changes what is there now: the copy that was put back, for instance.
    dynamodb.transact_write_items(TransactItems=[changed("old")])
    [shard] = streams.list_streams(TableName=NAME)["Streams"]
    [described] = streams.describe_stream(StreamArn=shard["StreamArn"])["StreamDescription"][
        "Shards"
    ]
    iterator = streams.get_shard_iterator(
        StreamArn=shard["StreamArn"],
        ShardId=described["ShardId"],
        ShardIteratorType="TRIM_HORIZON",
    )["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    return (
        {name: one for name, one in answer.items() if name != "ResponseMetadata"},
        sorted(dynamodb.scan(TableName=NAME)["Items"], key=lambda one: one["sk"]["S"]),
        [(one["eventName"], _images(one["dynamodb"])) for one in records],
    )


def _images(record):
    return {name: record.get(name) for name in ("Keys", "OldImage", "NewImage", "SequenceNumber")}


@pytest.mark.parametrize("name", TRANSACTIONS)
def test_a_transaction_does_what_motos_own_does(name):
    with mock_aws():
        as_moto = seen(TRANSACTIONS[name])
    with mock_aws(), faster_moto(own_clients=False):
        assert seen(TRANSACTIONS[name]) == as_moto
    assert as_moto[1]
    assert as_moto[2]
