/** The resources of a template that the local target serves; all that it does not support is found, and reported together. */
import type { DeclaredResource, StackPlace } from '../../template/identities.ts';
import type { GivenValues } from '../../template/parameters.ts';
import { readTemplate, type StackTemplate } from '../../template/template.ts';
import { type Json, Problems, type Properties, TemplateError } from '../../template/template-error.ts';
import { inertTypes, isOnlyForPeople } from './inert-types.ts';
import { isCustomType, type ResourceKind, type ResourceType } from './resource-kinds.ts';
import { resourceTypes } from './resource-types.ts';

export interface TemplateResource {
  logicalId: string;
  kind: ResourceKind;
  type: string;
  properties: Readonly<Record<string, Json>>;
  metadata: Properties;
}

export interface ResourceOptions {
  place: StackPlace;
  given?: GivenValues;
  /** Types, and properties as `Type.Property`, to go on without, though that changes what is served. */
  ignore?: readonly string[];
}

/** What is left out of what is served. */
export interface LeftOut {
  /** Types that change nothing here, with how many there are. */
  inert: Readonly<Record<string, number>>;
  /** Logical ids of resources that the caller asked to go on without. */
  onRequest: readonly string[];
  /** Logical ids of resources whose condition is false. */
  byCondition: readonly string[];
}

export interface ServedResources {
  template: StackTemplate;
  resources: readonly TemplateResource[];
  leftOut: LeftOut;
  /** What has been found so far; whoever reads on adds to it, and throws it in the end. */
  problems: Problems;
}

/** Reads all resources. Nothing is thrown for what is not supported: it is among the problems. */
export function readResources(document: unknown, { place, given = {}, ignore = [] }: ResourceOptions): ServedResources {
  const problems = new Problems();
  const template = readTemplate(document, { place, given, problems });
  const resources: TemplateResource[] = [];
  const inert: Record<string, number> = {};
  const onRequest: string[] = [];
  for (const declared of template.resources.values()) {
    const { logicalId, type, metadata } = declared;
    if (ignore.includes(type)) {
      onRequest.push(logicalId);
      continue;
    }
    const known = isOnlyForPeople(declared) ? undefined : (resourceTypes[type] ?? customType(declared));
    if (!known) {
      const changesNothing = problems.attempt(() => checkInert(declared));
      if (changesNothing) inert[type] = (inert[type] ?? 0) + 1;
      continue;
    }
    for (const name of Object.keys(declared.properties)) {
      const isKnown = [...known.used, ...known.ignored, ...(known.noticed ?? [])].includes(name);
      if (isKnown || ignore.includes(`${type}.${name}`)) continue;
      problems.add(
        new TemplateError(
          `${logicalId}.Properties.${name}`,
          `the local target does not support this property of ${type}`,
        ),
      );
    }
    const isUsed = (name: string) => known.used.includes(name) && !ignore.includes(`${type}.${name}`);
    const properties = problems.attempt(() => template.propertiesOf(logicalId, isUsed));
    const noticed = (known.noticed ?? []).filter((name) => isThere(template, logicalId, name));
    if (properties !== null)
      resources.push({
        ...{ logicalId, type, kind: known.kind, metadata },
        properties: { ...properties, ...Object.fromEntries(noticed.map((name) => [name, true])) },
      });
  }
  return { template, resources, leftOut: { inert, onRequest, byCondition: template.omitted }, problems };
}

/** Also where it names what is not served. */
function isThere(template: StackTemplate, logicalId: string, property: string): boolean {
  const apart = new Problems();
  const found = apart.attempt(() => template.propertiesOf(logicalId, (name) => name === property));
  return found === null || found[property] !== undefined;
}

/** A custom resource is whatever its function makes of it, but for those that are known to change nothing here. */
const customType = ({ type, properties }: DeclaredResource): ResourceType | undefined =>
  isCustomType(type) && inertTypes[type] === undefined
    ? { kind: 'customResource', used: Object.keys(properties), ignored: [] }
    : undefined;

/** Whether the resource changes nothing here. @throws {TemplateError} for one that would, or of an unknown type. */
function checkInert(declared: DeclaredResource): true {
  const { logicalId, type, properties } = declared;
  if (isOnlyForPeople(declared)) return true;
  const inert = inertTypes[type];
  if (inert === undefined)
    throw new TemplateError(logicalId, `the local target does not support resources of type ${type}`);
  for (const [property, why] of Object.entries(inert)) {
    const value = properties[property];
    if (value !== undefined && why(value)) {
      throw new TemplateError(
        `${logicalId}.Properties.${property}`,
        `the local target does not support this property of ${type}`,
      );
    }
  }
  return true;
}
