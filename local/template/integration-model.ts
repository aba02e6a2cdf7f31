/** What a route or method does with its requests, in the terms of the local target. */

/** Mapping templates of an integration: a request made of what came, and an answer made of what came back. */
export interface MappingModel {
  /** Content type (REST), or the value of the selection expression (WebSocket) → template. */
  requestTemplates: Readonly<Record<string, string>>;
  /** Of a WebSocket API: which of the templates. */
  requestSelection: string | null;
  /** A body without a template: passed on, passed on only if there are none at all, or refused (415). */
  passthrough: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  /** `integration.request.header.X` → expression. */
  requestParameters: Readonly<Record<string, string>>;
  responses: readonly IntegrationResponseModel[];
}

export interface IntegrationResponseModel {
  /**
   * Regular expression over the status, or over the error message of a function; null: the answer when no other matches.
   * Of a WebSocket API: from its key `/pattern/` or `$default`.
   */
  pattern: string | null;
  /** Null: that of the integration. */
  status: number | null;
  /** Lower-case header of the answer → expression. */
  headers: Readonly<Record<string, string>>;
  templates: Readonly<Record<string, string>>;
  selection: string | null;
}

/** Services of AWS that an integration may call. */
export type IntegratedService = 'sqs' | 'sns' | 'events' | 'dynamodb';

export type IntegrationModel =
  /** The event of the API, to a function. */
  | { kind: 'lambda'; functionName: string; timeoutMs: number }
  /** What the template makes of it, to a function. */
  | { kind: 'lambdaWithTemplates'; functionName: string; mapping: MappingModel; timeoutMs: number }
  | { kind: 'mock'; mapping: MappingModel }
  /** To a URL; `mapping` null: as it is (HTTP_PROXY), but for the request parameters. */
  | {
      kind: 'forward';
      url: string;
      /** ANY: that of the request. */
      method: string;
      requestParameters: Readonly<Record<string, string>>;
      mapping: MappingModel | null;
      timeoutMs: number;
    }
  /** `action`: as `SendMessage`; null: in the form that the template makes. `path`: of a queue, or empty. */
  | {
      kind: 'service';
      service: IntegratedService;
      action: string | null;
      path: string;
      mapping: MappingModel;
      timeoutMs: number;
    };

/** The name by which messages call what an integration reaches. */
export function integrationName(integration: IntegrationModel): string {
  switch (integration.kind) {
    case 'lambda':
    case 'lambdaWithTemplates':
      return integration.functionName;
    case 'mock':
      return 'the mock';
    case 'forward':
      return integration.url;
    case 'service':
      return `${integration.service} ${integration.action ?? integration.path}`.trim();
  }
}
