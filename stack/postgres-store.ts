/**
 * The connection store in RDS for PostgreSQL: the instance, a proxy that lends its connections, and a network in which only the functions reach them.
 * handlers/adapters/postgres/ has its tables.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  InstanceType,
  type IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  type DatabaseProxy,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { HandlerFunction, Network } from './functions.ts';
import { setLogicalId } from './logical-id.ts';
import type { StackSettings } from './settings/settings.ts';

const databaseName = 'loadline';
/** The role that functions sign in as. The owner of the tables only migrates. */
const appRole = 'loadline';
const ownerRole = 'loadline_owner';
/** Not PostgreSQL's own, which is tried first. A proxy always has that. */
const instancePort = 5433;
const proxyPort = 5432;
const passwordCharacters = 40;
/** As the parameter group's family has it. */
const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('17', '17') });

export class PostgresStore extends Construct {
  readonly network: Network;
  readonly instance: DatabaseInstance;
  readonly proxy: DatabaseProxy | null;
  readonly ownerSecret: Secret;
  readonly appSecret: Secret;
  /** Of functions that read and write rows. */
  readonly environment: Record<string, string>;
  /** Of the function that migrates, which signs in as the owner, and at the instance. */
  readonly ownerEnvironment: Record<string, string>;
  /** What cannot be reached before rows can be. */
  readonly #ready: Construct[];

  constructor(scope: Construct, id: string, { database, logRetentionDays }: StackSettings) {
    super(scope, id);
    // The casts: these types and their interfaces conflict under exactOptionalPropertyTypes, as of aws-cdk-lib 2.276.
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: database.natGateways,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 24 },
        // Functions call SQS, Secrets Manager and @connections through the NAT gateway.
        { name: 'Functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
    }) as IVpc;
    // What was let through is the stack's own traffic, and would be most of the log.
    vpc.addFlowLog('Refused', {
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'RefusedLog', {
          retention: logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }) as ILogGroup,
      ),
    });
    const ofFunctions = new SecurityGroup(this, 'FunctionsGroup', { vpc, description: 'Functions of the stack' });
    this.network = { vpc, subnetType: SubnetType.PRIVATE_WITH_EGRESS, securityGroup: ofFunctions };
    const secret = (name: string, username: string, description: string) =>
      new Secret(this, name, {
        description,
        generateSecretString: {
          secretStringTemplate: JSON.stringify({ username }),
          generateStringKey: 'password',
          passwordLength: passwordCharacters,
          excludePunctuation: true,
          includeSpace: false,
        },
        removalPolicy: RemovalPolicy.DESTROY,
      });
    this.ownerSecret = secret('Owner', ownerRole, 'Owner of the tables of the connection store');
    this.appSecret = secret('App', appRole, 'What the proxy signs in with on behalf of the functions');
    this.instance = new DatabaseInstance(this, 'Instance', {
      engine,
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      instanceType: new InstanceType(database.instanceClass),
      multiAz: database.multiAz,
      port: instancePort,
      databaseName,
      credentials: Credentials.fromSecret(this.ownerSecret as ISecret, ownerRole),
      iamAuthentication: true,
      storageEncrypted: true,
      storageType: StorageType.GP3,
      allocatedStorage: database.storageGb,
      backupRetention: Duration.days(1),
      autoMinorVersionUpgrade: true,
      ...(database.maxConnections !== null && {
        parameterGroup: new ParameterGroup(this, 'Parameters', {
          engine,
          description: 'Connections of the connection store',
          parameters: { max_connections: String(database.maxConnections) },
        }),
      }),
      // Every row is about a connection or a delivery of the last few hours: no data outlives the stack.
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
    });
    setLogicalId(this.instance, 'database');
    this.proxy = database.proxy
      ? this.instance.addProxy('Proxy', {
          vpc,
          vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
          secrets: [this.appSecret as ISecret],
          iamAuth: true,
          requireTLS: true,
          maxConnectionsPercent: database.proxyConnectionsPercent,
          borrowTimeout: Duration.seconds(database.borrowTimeoutSeconds),
        })
      : null;
    if (this.proxy !== null) {
      setLogicalId(this.proxy, 'databaseProxy');
      this.proxy.connections.allowFrom(ofFunctions, Port.tcp(proxyPort), 'Functions to the proxy');
    }
    this.instance.connections.allowFrom(ofFunctions, Port.tcp(instancePort), 'Functions to the instance');
    const instance = { DATABASE_HOST: this.instance.dbInstanceEndpointAddress, DATABASE_PORT: String(instancePort) };
    // Lambda has the certificates of RDS in a file, which Node reads if it is told to. A proxy has one that Node knows.
    const certificates = { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' };
    const common = { DATABASE_NAME: databaseName };
    this.environment = {
      ...common,
      DATABASE_USER: appRole,
      ...(this.proxy
        ? { DATABASE_HOST: this.proxy.endpoint, DATABASE_PORT: String(proxyPort) }
        : { ...instance, ...certificates }),
    };
    this.ownerEnvironment = {
      ...common,
      ...instance,
      ...certificates,
      OWNER_SECRET_ARN: this.ownerSecret.secretArn,
      APP_SECRET_ARN: this.appSecret.secretArn,
      // Who signs in as itself at the instance cannot sign in with a password.
      APP_SIGNS_IN_AS_ITSELF: String(this.proxy === null),
    };
    this.#ready = [this.instance, ...(this.proxy ? [this.proxy] : [])];
  }

  /** Lets a function sign in as itself. */
  allowSignIn({ role }: HandlerFunction): void {
    if (this.proxy) this.proxy.grantConnect(role, appRole);
    else this.instance.grantConnect(role, appRole);
  }

  /** Nothing of it is made before there is a database to reach. */
  makeFirst(construct: Construct): void {
    construct.node.addDependency(...this.#ready);
  }
}
