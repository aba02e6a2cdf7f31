/** What the page of a comparison is given. Pure. */
import type { PlanCommand, WhatIfData } from '../page-data.ts';
import type { ChoiceBase } from './choice.ts';

export interface ChoiceCommand extends PlanCommand {
  /** Of tasks, that Fargate offers, as `1024/2048`. */
  sizes: readonly string[];
}

export type ChoiceData = WhatIfData<ChoiceBase> & ChoiceCommand;
