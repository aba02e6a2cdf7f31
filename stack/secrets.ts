/** The two secrets. Handlers read them at run time: neither the template nor an environment variable ever holds a value. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Twice the 32 bytes that HMAC-SHA256 can use, because an alphanumeric character carries less than 6 bits. */
const secretCharacters = 64;

export class Secrets extends Construct {
  readonly token: Secret;
  readonly webhook: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const make = (name: string, description: string) =>
      new Secret(this, name, {
        description,
        generateSecretString: { passwordLength: secretCharacters, excludePunctuation: true, includeSpace: false },
        removalPolicy: RemovalPolicy.DESTROY,
      });
    this.token = make('Token', 'Signs the user tokens of the WebSocket API (HS256)');
    this.webhook = make('Webhook', "Signs webhooks (HMAC-SHA256); replace its value with the provider's");
  }
}
