/** The table of connections, channels and claimed events. handlers/adapters/dynamodb-*.ts define the layout of its rows. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { setLogicalId } from './logical-id.ts';

export class ConnectionStore extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // $disconnect is best-effort, so rows must expire.
      timeToLiveAttribute: 'expiresAt',
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Every row is about a connection or a delivery of the last few hours: no data outlives the stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    setLogicalId(this.table, 'table');
  }
}
