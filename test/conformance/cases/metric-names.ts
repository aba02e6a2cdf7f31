/** Names of metrics with the dimensions of a subject's resources. */
import type { MetricName } from '../metrics.ts';
import type { Subject } from '../subject.ts';

/** Of a function by its short name. */
export const functionMetric =
  (subject: Subject, shortName: string) =>
  (name: string): MetricName => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: subject.nameOf(shortName) },
  });

export const accountMetric = (name: string): MetricName => ({ namespace: 'AWS/Lambda', name, dimensions: {} });

export const webSocketMetric = (subject: Subject, name: string): MetricName => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: { ApiId: subject.description.resources.webSocketApiId },
});

export const httpMetric = (subject: Subject, name: string): MetricName => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: { ApiId: subject.description.resources.webhookApiId },
});

/** Of a queue by its short name. */
export const queueMetric = (subject: Subject, shortName: string, name: string): MetricName => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName: subject.nameOf(shortName) },
});

export const tableMetric = (
  name: string,
  TableName: string,
  others: Readonly<Record<string, string>> = {},
): MetricName => ({ namespace: 'AWS/DynamoDB', name, dimensions: { TableName, ...others } });
