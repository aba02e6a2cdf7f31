/**
 * The connection store in RDS for PostgreSQL: the instance, and a proxy that lends its connections, in a network in which only functions, or tasks, reach them.
 * handlers/adapters/postgres/ has its tables.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IConnectable, InstanceType, Port, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
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
import type { Network } from '../functions.ts';
import { setLogicalId } from '../logical-id.ts';
import { certificatesFile } from '../server/task-image.ts';
import type { StackSettings } from '../settings/settings.ts';
import { functionsNetwork, type StoreNetwork } from './store-network.ts';

const databaseName = 'loadline';
/** The role that functions and tasks sign in as. The owner of the tables only migrates; who deletes what has expired, and says what is finished, has connections that are kept for it. */
const appRole = 'loadline';
const ownerRole = 'loadline_owner';
const upkeepRole = 'loadline_upkeep';
/** Lambda has the certificates of RDS in a file, which Node reads if it is told to. */
const certificatesOfLambda = '/var/runtime/ca-cert.pem';
/** Not PostgreSQL's own, which is tried first. A proxy always has that. */
const instancePort = 5433;
const proxyPort = 5432;
const passwordCharacters = 40;
/** As the parameter group's family has it. */
const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('17', '17') });

interface PostgresStoreProps {
  settings: StackSettings;
  /** Null: one of its own, for functions. */
  network: StoreNetwork | null;
}

export class PostgresStore extends Construct {
  /** Of functions. */
  readonly network: Network;
  readonly instance: DatabaseInstance;
  readonly proxy: DatabaseProxy | null;
  /** What decides how many connections there are. */
  readonly size: string;
  readonly ownerSecret: Secret;
  readonly appSecret: Secret;
  /** Of functions that read and write rows. */
  readonly environment: Record<string, string>;
  /** Of tasks, which do the same. */
  readonly taskEnvironment: Record<string, string>;
  /** Of functions that look after the rows, at the instance: a proxy may have lent all that it has. */
  readonly upkeepEnvironment: Record<string, string>;
  /** Of the function that migrates, which signs in as the owner, and at the instance. */
  readonly ownerEnvironment: Record<string, string>;
  /** What cannot be reached before rows can be. */
  readonly #ready: Construct[];

  constructor(scope: Construct, id: string, { settings, network }: PostgresStoreProps) {
    super(scope, id);
    const { database } = settings;
    this.size = `${database.instanceClass} ${database.maxConnections ?? ''}`.trim();
    const { vpc, subnetType, securityGroup, tasks } = network ?? functionsNetwork(this, settings);
    this.network = { vpc, subnetType, securityGroup };
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
          vpcSubnets: { subnetType },
          secrets: [this.appSecret as ISecret],
          iamAuth: true,
          requireTLS: true,
          maxConnectionsPercent: database.proxyConnectionsPercent,
          borrowTimeout: Duration.seconds(database.borrowTimeoutSeconds),
        })
      : null;
    if (this.proxy !== null) setLogicalId(this.proxy, 'databaseProxy');
    // Functions of upkeep are at the instance, whether there is a proxy or not.
    this.#letIn('Functions', securityGroup, [this.proxy, this.instance]);
    if (tasks !== null) this.#letIn('Tasks', tasks, [this.proxy ?? this.instance]);
    const instance = { DATABASE_HOST: this.instance.dbInstanceEndpointAddress, DATABASE_PORT: String(instancePort) };
    const certificates = { NODE_EXTRA_CA_CERTS: certificatesOfLambda };
    const common = { DATABASE_NAME: databaseName };
    const app = { ...common, DATABASE_USER: appRole };
    // A proxy has a certificate that Node knows.
    const lent = this.proxy && { DATABASE_HOST: this.proxy.endpoint, DATABASE_PORT: String(proxyPort) };
    this.environment = { ...app, ...(lent ?? { ...instance, ...certificates }) };
    this.taskEnvironment = {
      ...app,
      ...(lent ?? { ...instance, NODE_EXTRA_CA_CERTS: certificatesFile }),
      DATABASE_CONNECTIONS: String(settings.server.databaseConnections),
    };
    this.upkeepEnvironment = { ...common, ...instance, ...certificates, DATABASE_USER: upkeepRole };
    this.ownerEnvironment = {
      ...common,
      ...instance,
      ...certificates,
      OWNER_SECRET_ARN: this.ownerSecret.secretArn,
      APP_SECRET_ARN: this.appSecret.secretArn,
      // Who signs in as itself at the instance cannot sign in with a password.
      APP_SIGNS_IN_AS_ITSELF: String(this.proxy === null),
      UPKEEP_USER: upkeepRole,
    };
    this.#ready = [this.instance, ...(this.proxy ? [this.proxy] : [])];
  }

  /** Lets a function, or a task, sign in as itself. */
  allowSignIn(role: IRole): void {
    if (this.proxy) this.proxy.grantConnect(role, appRole);
    else this.instance.grantConnect(role, appRole);
  }

  /** Lets a function sign in to look after the rows. */
  allowUpkeep(role: IRole): void {
    this.instance.grantConnect(role, upkeepRole);
  }

  #letIn(who: string, group: IConnectable, where: readonly (DatabaseProxy | DatabaseInstance | null)[]): void {
    for (const each of where) {
      if (each === null) continue;
      const isProxy = each === this.proxy;
      each.connections.allowFrom(
        group,
        Port.tcp(isProxy ? proxyPort : instancePort),
        `${who} to the ${isProxy ? 'proxy' : 'instance'}`,
      );
    }
  }

  /** Nothing of it is made before there is a database to reach. */
  makeFirst(construct: Construct): void {
    construct.node.addDependency(...this.#ready);
  }
}
