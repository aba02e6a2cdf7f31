/** Where alarms go: a topic that exists, or one of the stack's own, encrypted. */
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { StackSettings } from './settings/settings.ts';

/** KMS's shortest: the key encrypts notifications on their way, and nothing that is kept. */
const keyWaits = Duration.days(7);

export class AlarmTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { topicArn, emails }: StackSettings['alarms']) {
    super(scope, id);
    this.topic = topicArn === null ? this.#make() : Topic.fromTopicArn(this, 'Given', topicArn);
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }

  #make(): Topic {
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    });
    // Not the AWS-managed key of SNS: CloudWatch may not use it, and its alarms would go nowhere without a word.
    // Source: SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics", read November 2026.
    const key = new Key(this, 'Key', {
      description: 'Encrypts alarm notifications',
      enableKeyRotation: true,
      pendingWindow: keyWaits,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({ principals: [alarms], actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] }),
    );
    const topic = new Topic(this, 'Topic', { displayName: 'Loadline alarms', masterKey: key, enforceSSL: true });
    // A policy of its own replaces the default one, under which alarms of the account may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({ principals: [alarms], actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    return topic;
  }
}
