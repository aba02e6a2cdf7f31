/** A CloudFormation template with its parameters and conditions applied: what is created, and what each reference means. Pure. */
import { conditionsOf } from './conditions.ts';
import { type DeclaredResource, type Identity, identityOf, type StackPlace } from './identities.ts';
import { type Resolver, resolve } from './intrinsics.ts';
import { type GivenValues, readParameters } from './parameters.ts';
import { isRecord, type Json, type Problems, type Properties, TemplateError } from './template-error.ts';
import { atPlace } from './values.ts';

export interface StackTemplate {
  /** Those that are created, in the order of the template. */
  resources: ReadonlyMap<string, DeclaredResource>;
  /** Logical ids of those that are not created: their condition is false. */
  omitted: readonly string[];
  resolver: Resolver;
  /** The properties of a resource, or those that are asked for, with every intrinsic resolved. AWS::NoValue is absent. */
  propertiesOf: (logicalId: string, only?: (property: string) => boolean) => Record<string, Json>;
  /** By name, those whose condition holds. */
  outputs: Readonly<Record<string, string>>;
  /** Outputs that are exported: export name → value. */
  exports: Readonly<Record<string, string>>;
}

/**
 * @param document a template as JSON, with the long forms of intrinsics.
 * @param problems of parameters, conditions and outputs are put there, and what has one is left out.
 * @throws {TemplateError} without a section Resources.
 */
export function readTemplate(
  document: unknown,
  { place, given = {}, problems }: { place: StackPlace; given?: GivenValues; problems: Problems },
): StackTemplate {
  if (!isRecord(document) || !isRecord(document.Resources)) throw new TemplateError('top level', 'has no Resources');
  const parameters = readParameters(document, given, problems);
  const resources = new Map<string, DeclaredResource>();
  const omitted: string[] = [];
  const resolver = resolverOf({ document, resources, omitted, parameters, place, given });

  for (const [logicalId, resource] of Object.entries(document.Resources)) {
    problems.attempt(() => {
      if (!isRecord(resource) || typeof resource.Type !== 'string') throw new TemplateError(logicalId, 'has no Type');
      const { Type: type, Condition: condition, Properties: properties, Metadata: metadata } = resource;
      if (condition !== undefined && !holds(resolver, condition, `${logicalId}.Condition`)) {
        omitted.push(logicalId);
        return;
      }
      resources.set(logicalId, {
        logicalId,
        type,
        properties: isRecord(properties) ? properties : {},
        metadata: isRecord(metadata) ? metadata : {},
      });
    });
  }

  const outputs: Record<string, string> = {};
  const exports: Record<string, string> = {};
  for (const [name, output] of Object.entries(isRecord(document.Outputs) ? document.Outputs : {})) {
    problems.attempt(() => {
      if (!isRecord(output)) return;
      if (output.Condition !== undefined && !holds(resolver, output.Condition, `Outputs.${name}.Condition`)) return;
      const value = resolve(output.Value, resolver, `Outputs.${name}.Value`);
      if (value === undefined) return;
      outputs[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
      const exported = isRecord(output.Export)
        ? resolve(output.Export.Name, resolver, `Outputs.${name}.Export`)
        : undefined;
      if (exported !== undefined) exports[String(exported)] = outputs[name];
    });
  }

  return {
    resources,
    omitted,
    resolver,
    outputs,
    exports,
    propertiesOf(logicalId, only = () => true) {
      const properties = resources.get(logicalId)?.properties ?? {};
      const entries = Object.entries(properties)
        .filter(([name]) => only(name))
        .map(([name, value]) => [name, resolve(value, resolver, `${logicalId}.Properties.${name}`)] as const)
        .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined);
      return Object.fromEntries(entries);
    },
  };
}

interface Sections {
  document: Properties;
  resources: ReadonlyMap<string, DeclaredResource>;
  omitted: readonly string[];
  parameters: ReadonlyMap<string, Json | TemplateError>;
  place: StackPlace;
  given: GivenValues;
}

function resolverOf({ document, resources, omitted, parameters, place, given }: Sections): Resolver {
  const { stackName, region, accountId } = place;
  const pseudo: Readonly<Record<string, Json>> = {
    'AWS::AccountId': accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const mappings = isRecord(document.Mappings) ? document.Mappings : {};
  const identities = new Map<string, Identity | 'being named'>();

  const identity = (logicalId: string): Identity => {
    const known = identities.get(logicalId);
    if (known === 'being named') throw new Error(`the name of ${logicalId} depends on itself`);
    if (known !== undefined) return known;
    const resource = resources.get(logicalId);
    if (!resource) {
      throw new Error(
        omitted.includes(logicalId)
          ? `${logicalId} is not created: its condition is false`
          : `unknown resource, parameter or pseudo-parameter ${logicalId}`,
      );
    }
    identities.set(logicalId, 'being named');
    try {
      const made = identityOf(resource, place, (property) => {
        const value = resource.properties[property];
        return value === undefined ? undefined : resolve(value, resolver, `${logicalId}.Properties.${property}`);
      });
      identities.set(logicalId, made);
      return made;
    } catch (error) {
      identities.delete(logicalId);
      throw error;
    }
  };

  const resolver: Resolver = {
    ref(name) {
      const parameter = parameters.get(name);
      // Reported once, at the parameter itself.
      if (parameter instanceof TemplateError) throw parameter;
      return pseudo[name] ?? parameter ?? identity(name).ref;
    },
    getAtt(logicalId, attribute) {
      const { attributes, isOpen = false } = identity(logicalId);
      const value = attributes[attribute] ?? (isOpen ? `${logicalId}.${attribute}` : undefined);
      if (value === undefined) throw new Error(`${logicalId} has no attribute ${attribute} here`);
      return value;
    },
    condition: conditionsOf(document, (value, where) => resolve(value, resolver, where)),
    inMap(map, first, second) {
      const chosen = isRecord(mappings[map]) ? mappings[map][first] : undefined;
      const value = isRecord(chosen) && Object.hasOwn(chosen, second) ? chosen[second] : undefined;
      return value === undefined ? undefined : resolve(value, resolver, `Mappings.${map}.${first}.${second}`);
    },
    importValue(name) {
      const value = given.imports?.[name];
      if (value === undefined) throw new Error(`the export ${name} of another stack is not known here: give its value`);
      return value;
    },
    dynamicReference(service, rest) {
      const name = rest.replace(/:\d+$/, '');
      const value = service.startsWith('ssm') ? given.ssm?.[name] : undefined;
      if (value === undefined)
        throw new Error(
          `the value of {{resolve:${service}:${rest}}} is not known here${service.startsWith('ssm') ? ': give it' : ''}`,
        );
      return value;
    },
    availabilityZones: (zonesOf) => ['a', 'b', 'c'].map((zone) => `${zonesOf}${zone}`),
  };
  return resolver;
}

function holds(resolver: Resolver, condition: unknown, where: string): boolean {
  return atPlace(where, () => resolver.condition(String(condition)));
}
