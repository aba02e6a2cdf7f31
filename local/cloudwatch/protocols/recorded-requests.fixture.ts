/**
 * Requests to CloudWatch as clients sent them, recorded on 2026-11-21: AWS CLI 2.9.19 (Query) and boto3 with botocore 1.43.62 set to
 * Smithy RPC v2 CBOR. The CI machine has neither. Signatures are shortened; the bodies are unchanged.
 */

export interface RecordedRequest {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

const queryHeaders = {
  'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20261121/us-east-1/monitoring/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=bc2b',
};
const cborHeaders = {
  'content-type': 'application/cbor',
  accept: 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-query-mode': 'true',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20261121/us-east-1/monitoring/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=458a',
};

const form = (body: string): RecordedRequest => ({ path: '/', headers: queryHeaders, body: Buffer.from(body) });
const operation = (name: string, base64: string): RecordedRequest => ({
  path: `/service/GraniteServiceVersion20100801/operation/${name}`,
  headers: cborHeaders,
  body: Buffer.from(base64, 'base64'),
});

/** PutMetricData (Latency 1, 2 twice and 12.5, and a statistic set, at 1,790,000,040 s), then one of each read. */
export const recordedRequests = {
  query: {
    PutMetricData: form(
      'Action=PutMetricData&Version=2010-08-01&Namespace=Demo&MetricData.member.1.MetricName=Latency&MetricData.member.1.Timestamp=2026-09-21T14%3A14%3A00Z&MetricData.member.1.Dimensions.member.1.Name=Page&MetricData.member.1.Dimensions.member.1.Value=home+%26+away&MetricData.member.1.Values.member.1=1&MetricData.member.1.Values.member.2=2&MetricData.member.1.Values.member.3=12.5&MetricData.member.1.Counts.member.1=1&MetricData.member.1.Counts.member.2=2&MetricData.member.1.Counts.member.3=1&MetricData.member.1.Unit=Milliseconds&MetricData.member.2.MetricName=Set&MetricData.member.2.Timestamp=2026-09-21T14%3A14%3A00Z&MetricData.member.2.StatisticValues.SampleCount=2&MetricData.member.2.StatisticValues.Sum=6&MetricData.member.2.StatisticValues.Minimum=1&MetricData.member.2.StatisticValues.Maximum=5',
    ),
    ListMetrics: form('Action=ListMetrics&Version=2010-08-01&Namespace=Demo&Dimensions.member.1.Name=Page'),
    GetMetricStatistics: form(
      'Action=GetMetricStatistics&Version=2010-08-01&Namespace=Demo&MetricName=Latency&Dimensions.member.1.Name=Page&Dimensions.member.1.Value=home+%26+away&StartTime=2026-09-21T14%3A13%3A00Z&EndTime=2026-09-21T14%3A16%3A00Z&Period=60&Statistics.member.1=Sum&Statistics.member.2=Average&ExtendedStatistics.member.1=p50',
    ),
    GetMetricData: form(
      'Action=GetMetricData&Version=2010-08-01&MetricDataQueries.member.1.Id=m1&MetricDataQueries.member.1.MetricStat.Metric.Namespace=Demo&MetricDataQueries.member.1.MetricStat.Metric.MetricName=Latency&MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name=Page&MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value=home+%26+away&MetricDataQueries.member.1.MetricStat.Period=1&MetricDataQueries.member.1.MetricStat.Stat=p90&MetricDataQueries.member.1.ReturnData=false&MetricDataQueries.member.2.Id=e1&MetricDataQueries.member.2.Expression=m1%2A2&MetricDataQueries.member.2.Label=twice+%26+%3Cmore%3E&StartTime=2026-09-21T14%3A13%3A00Z&EndTime=2026-09-21T14%3A16%3A00Z&ScanBy=TimestampAscending',
    ),
  },
  cbor: {
    PutMetricData: operation(
      'PutMetricData',
      'omlOYW1lc3BhY2VkRGVtb2pNZXRyaWNEYXRhgqZqTWV0cmljTmFtZWdMYXRlbmN5aVRpbWVzdGFtcMEaarE7qGpEaW1lbnNpb25zgaJkTmFtZWRQYWdlZVZhbHVla2hvbWUgJiBhd2F5ZlZhbHVlc4P7P/AAAAAAAAD7QAAAAAAAAAD7QCkAAAAAAABmQ291bnRzg/s/8AAAAAAAAPtAAAAAAAAAAPs/8AAAAAAAAGRVbml0bE1pbGxpc2Vjb25kc6NqTWV0cmljTmFtZWNTZXRpVGltZXN0YW1wwRpqsTuob1N0YXRpc3RpY1ZhbHVlc6RrU2FtcGxlQ291bnT7QAAAAAAAAABjU3Vt+0AYAAAAAAAAZ01pbmltdW37P/AAAAAAAABnTWF4aW11bftAFAAAAAAAAA==',
    ),
    ListMetrics: operation('ListMetrics', 'omlOYW1lc3BhY2VkRGVtb2pEaW1lbnNpb25zgaFkTmFtZWRQYWdl'),
    GetMetricStatistics: operation(
      'GetMetricStatistics',
      'qGlOYW1lc3BhY2VkRGVtb2pNZXRyaWNOYW1lZ0xhdGVuY3lqRGltZW5zaW9uc4GiZE5hbWVkUGFnZWVWYWx1ZWtob21lICYgYXdheWpTdGF0aXN0aWNzgmNTdW1nQXZlcmFnZXJFeHRlbmRlZFN0YXRpc3RpY3OBY3A1MGZQZXJpb2QYPGlTdGFydFRpbWXBGmqxO2xnRW5kVGltZcEaarE8IA==',
    ),
    GetMetricData: operation(
      'GetMetricData',
      'pHFNZXRyaWNEYXRhUXVlcmllc4KjYklkYm0xak1ldHJpY1N0YXSjZk1ldHJpY6NpTmFtZXNwYWNlZERlbW9qTWV0cmljTmFtZWdMYXRlbmN5akRpbWVuc2lvbnOBomROYW1lZFBhZ2VlVmFsdWVraG9tZSAmIGF3YXlmUGVyaW9kAWRTdGF0Y3A5MGpSZXR1cm5EYXRh9KNiSWRiZTFqRXhwcmVzc2lvbmRtMSoyZUxhYmVsbnR3aWNlICYgPG1vcmU+ZlNjYW5CeXJUaW1lc3RhbXBBc2NlbmRpbmdpU3RhcnRUaW1lwRpqsTtsZ0VuZFRpbWXBGmqxPCA=',
    ),
  },
} as const;

/** GetMetricStatistics without a statistic. */
export const recordedFaultyCbor = operation(
  'GetMetricStatistics',
  'pWlOYW1lc3BhY2VkRGVtb2pNZXRyaWNOYW1lZ0xhdGVuY3lmUGVyaW9kGDxpU3RhcnRUaW1lwRpqsTtsZ0VuZFRpbWXBGmqxPCA=',
);
