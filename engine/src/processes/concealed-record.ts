import { z } from 'zod';
import { type Conceal, concealer, concealTexts } from '../concealment.ts';
import type { ClientRecord } from '../records.ts';

/** A line without secrets in what a target or a network library said. The rest of a line is the engine's own, and stays as it is. */
export function concealRecord(record: ClientRecord, conceal: Conceal): ClientRecord {
  const { version, second, fleet, phase, openConnections, counters, histograms, routes, ...rest } = record;
  const { closeCodes, machine, last, ...said } = rest;
  return Object.keys(said).length === 0 ? record : { ...record, ...concealTexts(said, conceal) };
}

const secretsSchema = z.array(z.string());

/** What `loadline` knows to be secret beyond what a fleet sends: a list of texts as JSON, in the environment because other users cannot read it. */
function environmentSecrets(json: string | undefined): string[] {
  return json ? secretsSchema.parse(JSON.parse(json)) : [];
}

/** For text that a fleet or virtual user with these secrets causes. */
export const concealerOf = (secrets: Iterable<string>): Conceal =>
  concealer([...secrets, ...environmentSecrets(process.env.LOADLINE_SECRETS)]);
