/**
 * Code that a SAM template names by its place on this machine. The translator takes `s3://` addresses only, so each path is written as one, and read
 * back from the Code that it makes of it.
 */
import { isRecord, type Properties } from '../../template/template-error.ts';

const bucket = 'loadline-on-this-machine';
/** Properties of SAM that hold a path, on resources and in Globals.Function. An API's DefinitionUri has been replaced by what is in it. */
const pathProperties = ['CodeUri', 'ContentUri', 'DefinitionUri'];

export function withCodeAddresses(document: Properties): Properties {
  const globals = isRecord(document.Globals) ? document.Globals : {};
  const functionGlobals = isRecord(globals.Function) ? addressed(globals.Function) : undefined;
  const resources = Object.entries(isRecord(document.Resources) ? document.Resources : {}).map(([id, resource]) => {
    if (!isRecord(resource) || !String(resource.Type).startsWith('AWS::Serverless::')) return [id, resource];
    const properties = isRecord(resource.Properties) ? resource.Properties : {};
    const isFunction = resource.Type === 'AWS::Serverless::Function';
    const hasCode = ['CodeUri', 'InlineCode', 'ImageUri', 'PackageType'].some(
      (name) => properties[name] !== undefined || functionGlobals?.[name] !== undefined,
    );
    // As the SAM CLI: without a CodeUri, the folder of the template.
    const withCode = isFunction && !hasCode ? { ...properties, CodeUri: '.' } : properties;
    return [id, { ...resource, Properties: addressed(withCode) }];
  });
  return {
    ...document,
    ...(functionGlobals && { Globals: { ...globals, Function: functionGlobals } }),
    Resources: Object.fromEntries(resources),
  };
}

/** The path that was written as the address of this code; null for any other code. */
export function pathOfCode(code: unknown): string | null {
  if (!isRecord(code)) return null;
  const { S3Bucket, S3Key } = isRecord(code.Content) ? code.Content : code;
  return S3Bucket === bucket && typeof S3Key === 'string' ? Buffer.from(S3Key, 'base64url').toString() : null;
}

function addressed(properties: Properties): Properties {
  const entries = Object.entries(properties).map(([name, value]) => {
    const isPath = pathProperties.includes(name) && typeof value === 'string' && !value.startsWith('s3://');
    return [name, isPath ? `s3://${bucket}/${Buffer.from(value).toString('base64url')}` : value];
  });
  return Object.fromEntries(entries);
}
