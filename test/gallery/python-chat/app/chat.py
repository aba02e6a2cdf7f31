import json
import os

import boto3
from boto3.dynamodb.conditions import Key

people = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handle(event, context):
    request = event["requestContext"]
    connection = request["connectionId"]
    route = request["routeKey"]
    if route == "$connect":
        query = event.get("queryStringParameters") or {}
        people.put_item(Item={"connection": connection, "room": query.get("room", "lobby")})
    elif route == "$disconnect":
        people.delete_item(Key={"connection": connection})
    else:
        say(request, json.loads(event["body"]))
    return {"statusCode": 200}


def say(request, said):
    api = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=f"https://{request['domainName']}/{request['stage']}",
    )
    mine = people.get_item(Key={"connection": request["connectionId"]})["Item"]
    there = people.query(
        IndexName=os.environ["INDEX"],
        KeyConditionExpression=Key("room").eq(mine["room"]),
    )["Items"]
    data = json.dumps({"room": mine["room"], "id": said["id"]}).encode()
    for one in there:
        try:
            api.post_to_connection(ConnectionId=one["connection"], Data=data)
        except api.exceptions.GoneException:
            people.delete_item(Key={"connection": one["connection"]})
