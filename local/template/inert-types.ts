/**
 * Types of resources without any behaviour on this machine: permissions, encryption, alarms, networks, names, storage that only AWS keeps. They are left out, and said
 * so. Each has the properties that would change what is served after all, with the check of a value (as written, intrinsics unresolved).
 */
import { isRecord } from '../../template/template-error.ts';

type ActiveProperties = Readonly<Record<string, (value: unknown) => boolean>>;

const nothing: ActiveProperties = {};
const any = () => true;

/** Subscriptions that reach nothing in a stack: people's addresses. */
const toPeople = ['email', 'email-json', 'sms'];
const isActiveProtocol = (value: unknown) => typeof value !== 'string' || !toPeople.includes(value);
const hasActiveSubscription = (value: unknown) =>
  Array.isArray(value) && value.some((one) => !isRecord(one) || isActiveProtocol(one.Protocol));

export const inertTypes: Readonly<Record<string, ActiveProperties>> = {
  'AWS::ApiGateway::Account': nothing,
  'AWS::ApiGateway::ClientCertificate': nothing,
  // Under which names an API is reached on AWS.
  'AWS::ApiGateway::BasePathMapping': nothing,
  'AWS::ApiGateway::DomainName': nothing,
  'AWS::ApiGatewayV2::ApiMapping': nothing,
  'AWS::ApiGatewayV2::DomainName': nothing,
  'AWS::ApiGateway::DocumentationPart': nothing,
  'AWS::ApiGateway::DocumentationVersion': nothing,
  'AWS::ApiGatewayV2::Deployment': nothing,
  // Models are only used by request validators, which are refused where they are.
  'AWS::ApiGateway::Model': nothing,
  'AWS::ApiGatewayV2::Model': nothing,
  'AWS::ApplicationAutoScaling::ScalableTarget': nothing,
  'AWS::ApplicationAutoScaling::ScalingPolicy': nothing,
  'AWS::AutoScaling::AutoScalingGroup': nothing,
  'AWS::Budgets::Budget': nothing,
  'AWS::CDK::Metadata': nothing,
  'AWS::CertificateManager::Certificate': nothing,
  'AWS::CloudFormation::WaitConditionHandle': nothing,
  'AWS::CloudTrail::Trail': nothing,
  'AWS::CloudWatch::Alarm': nothing,
  'AWS::CloudWatch::AnomalyDetector': nothing,
  'AWS::CloudWatch::CompositeAlarm': nothing,
  'AWS::CloudWatch::Dashboard': nothing,
  'AWS::CodeDeploy::Application': nothing,
  'AWS::CodeDeploy::DeploymentGroup': nothing,
  'AWS::EC2::EIP': nothing,
  'AWS::EC2::FlowLog': nothing,
  'AWS::EC2::InternetGateway': nothing,
  'AWS::EC2::LaunchTemplate': nothing,
  'AWS::EC2::NatGateway': nothing,
  'AWS::EC2::NetworkAcl': nothing,
  'AWS::EC2::NetworkAclEntry': nothing,
  'AWS::EC2::Route': nothing,
  'AWS::EC2::RouteTable': nothing,
  'AWS::EC2::SecurityGroup': nothing,
  'AWS::EC2::SecurityGroupEgress': nothing,
  'AWS::EC2::SecurityGroupIngress': nothing,
  'AWS::EC2::Subnet': nothing,
  'AWS::EC2::SubnetNetworkAclAssociation': nothing,
  'AWS::EC2::SubnetRouteTableAssociation': nothing,
  'AWS::EC2::VPC': nothing,
  'AWS::EC2::VPCCidrBlock': nothing,
  'AWS::EC2::VPCEndpoint': nothing,
  'AWS::EC2::VPCGatewayAttachment': nothing,
  'AWS::ECS::CapacityProvider': nothing,
  'AWS::ECS::ClusterCapacityProviderAssociations': nothing,
  'AWS::ElastiCache::ParameterGroup': nothing,
  'AWS::ElastiCache::SubnetGroup': nothing,
  'AWS::IAM::Group': nothing,
  'AWS::IAM::InstanceProfile': nothing,
  'AWS::IAM::ManagedPolicy': nothing,
  'AWS::IAM::Policy': nothing,
  'AWS::IAM::Role': nothing,
  'AWS::IAM::RolePolicy': nothing,
  'AWS::IAM::ServiceLinkedRole': nothing,
  'AWS::KMS::Alias': nothing,
  'AWS::KMS::Key': nothing,
  'AWS::Lambda::LayerVersionPermission': nothing,
  'AWS::Logs::LogGroup': nothing,
  'AWS::Logs::LogStream': nothing,
  'AWS::Logs::MetricFilter': nothing,
  'AWS::Logs::ResourcePolicy': nothing,
  'AWS::RDS::DBSubnetGroup': nothing,
  'AWS::ResourceGroups::Group': nothing,
  'AWS::Route53::HostedZone': nothing,
  'AWS::Route53::RecordSet': nothing,
  'AWS::Route53::RecordSetGroup': nothing,
  'AWS::S3::Bucket': { NotificationConfiguration: any, WebsiteConfiguration: any },
  'AWS::S3::BucketPolicy': nothing,
  'AWS::SecretsManager::ResourcePolicy': nothing,
  // Adds to a secret where its database is: clients of the stack have it from their variables.
  'AWS::SecretsManager::SecretTargetAttachment': nothing,
  // Without a subscription that does something, a topic is an address for alarms and people.
  'AWS::SNS::Subscription': { Protocol: isActiveProtocol },
  'AWS::SNS::Topic': { Subscription: hasActiveSubscription },
  'AWS::SNS::TopicPolicy': nothing,
  'AWS::SQS::QueuePolicy': nothing,
  'AWS::SQS::QueueInlinePolicy': nothing,
  'AWS::WAFv2::IPSet': nothing,
  'AWS::XRay::Group': nothing,
  'AWS::XRay::SamplingRule': nothing,
  'Custom::CDKBucketDeployment': nothing,
  'Custom::LogRetention': nothing,
  'Custom::S3AutoDeleteObjects': nothing,
};
