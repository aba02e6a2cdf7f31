/**
 * What a target gets of an event. Source: EventBridge user guide, "Input transformation", read November 2026; a variable without a value is an empty text,
 * as seen on AWS by tests of other implementations. Pure.
 */
import { atPath } from '../gateway/mapping/json-path.ts';
import type { RuleModel, TargetInput } from '../template/events/rule.ts';
import type { BusEvent } from './event.ts';

/** `ingestedAt`: when EventBridge had it, ISO 8601. */
export function targetText(
  input: TargetInput,
  event: BusEvent,
  { rule, ingestedAt }: { rule: Pick<RuleModel, 'arn' | 'name'>; ingestedAt: string },
): string {
  switch (input.kind) {
    case 'event':
      return JSON.stringify(event);
    case 'constant':
      return input.text;
    case 'path':
      return JSON.stringify(atPath(event, input.path) ?? {});
    case 'transformer': {
      const { detail: _, ...withoutDetail } = event;
      const values: Record<string, unknown> = {
        ...Object.fromEntries(Object.entries(input.paths).map(([name, path]) => [name, atPath(event, path)])),
        'aws.events.rule-arn': rule.arn,
        'aws.events.rule-name': rule.name,
        'aws.events.event.ingestion-time': ingestedAt,
        'aws.events.event': withoutDetail,
        'aws.events.event.json': event,
      };
      return filled(input.template, values);
    }
  }
}

/** `<name>` within quotes is text, elsewhere JSON. */
function filled(template: string, values: Readonly<Record<string, unknown>>): string {
  let quoted = false;
  return template.replaceAll(/\\.|"|<([\w.-]+)>/gs, (found, name: string | undefined) => {
    if (found === '"') quoted = !quoted;
    if (name === undefined) return found;
    const value = Object.hasOwn(values, name) ? (values[name] ?? '') : '';
    const json = JSON.stringify(value);
    if (!quoted) return json;
    return typeof value === 'string' ? json.slice(1, -1) : json.replaceAll('"', '');
  });
}
