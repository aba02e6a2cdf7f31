import { fleetFields, loadListsOf } from './fleet-fields.ts';
import { defaultNumbers } from './load-fields.ts';

/** A load of one connection that sends nothing: the default of every field. Code that runs a fleet without a scenario starts from here. */
export const quietLoad = { ...defaultNumbers, ...loadListsOf(fleetFields.parse({})) };
