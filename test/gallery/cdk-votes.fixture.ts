/**
 * Votes over a WebSocket, counts over HTTP, as an app of CDK: one integration object is used for two routes. Older versions of CDK grant the
 * first route only; what grants the second today is taken out again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/** Writes a cloud assembly with two stacks. */
export function synthesizeVotes(outdir: string): void {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Votes', { env: { region: 'us-east-1' } });
  new Queue(new Stack(app, 'Other'), 'Queue');
  const table = new TableV2(stack, 'Table', { partitionKey: { name: 'choice', type: AttributeType.STRING } });
  const functionOf = (handler: string) => {
    const made = new LambdaFunction(stack, handler, {
      runtime: Runtime.NODEJS_22_X,
      handler: `votes.${handler}`,
      code: Code.fromAsset(fileURLToPath(new URL('cdk-votes/src', import.meta.url))),
      environment: { TABLE: table.tableName },
    });
    table.grantReadWriteData(made);
    return made;
  };
  const http = new HttpApi(stack, 'Counts');
  const integration = new HttpLambdaIntegration('Count', functionOf('count'));
  http.addRoutes({ path: '/votes/{choice}', methods: [HttpMethod.GET], integration });
  const shared = new WebSocketLambdaIntegration('Vote', functionOf('vote'));
  const voting = new WebSocketApi(stack, 'Voting');
  voting.addRoute('vote', { integration: shared, returnResponse: true });
  voting.addRoute('again', { integration: shared, returnResponse: true });
  new WebSocketStage(stack, 'Stage', { webSocketApi: voting, stageName: 'live', autoDeploy: true });
  app.synth();
  const path = join(outdir, 'Votes.template.json');
  const template = JSON.parse(readFileSync(path, 'utf8'));
  for (const id of Object.keys(template.Resources))
    if (/^VotingagainRoute.*Permission/.test(id)) delete template.Resources[id];
  writeFileSync(path, JSON.stringify(template));
}
