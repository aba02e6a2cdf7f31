/** The sentences of a live comparison, from what was calculated. Pure. */
import { dollars } from '../../analysis/numbers.ts';
import type { ChooseAnswer } from '../../choose/choose-report.ts';
import { bindingText, holdCell } from '../../choose/hold-text.ts';
import { variantText } from '../../choose/variant-tables.ts';
import { figure, type Table, words } from '../../document/document.ts';
import type { Control } from '../control.ts';
import { valueWords } from '../words.ts';
import type { Turn } from './choice.ts';

const eitherWords = { functions: 'functions', service: 'a service of tasks', neither: 'neither' } as const;
const said = (today: ChooseAnswer['today']): string => eitherWords[today ?? 'neither'];

export function costsNow({ days: [day] }: Pick<ChooseAnswer, 'days'>): string {
  if (day === undefined) return 'Nothing is known of today';
  return `Functions ${dollars(day.functions.usdPerMonth)} a month, tasks ${dollars(day.service.usdPerMonth.mid)}`;
}

export function turnWords(turn: Turn, { input }: Pick<Control, 'input'>): string {
  if (input.kind !== 'number') return '';
  switch (turn.kind) {
    case 'turns':
      return `${said(turn.before)} up to ${valueWords(turn.value, input.unit)}, then ${said(turn.beyond)}`;
    case 'stays':
      return `${said(turn.today)} at both ends of the slider`;
    case 'unknown':
      return '';
  }
}

/** As the page's table of all variants, in the room that there is beside the controls. */
export const choiceTable = ({ variants }: Pick<ChooseAnswer, 'variants'>): Table => ({
  id: 'what-if-variants',
  caption: 'Every variant',
  columns: [words('variant'), words('today'), figure('$ a month')],
  rows: variants.map(({ name, sizes: [today] }) => {
    if (today === undefined) return [{ text: variantText(name) }, { text: 'unknown' }, { text: 'unknown' }];
    const { hold, usdPerMonth, unknown } = today;
    return [
      { text: variantText(name) },
      { ...holdCell(hold), detail: bindingText(hold) },
      {
        text: Number.isFinite(usdPerMonth) ? dollars(usdPerMonth) : 'not possible',
        ...(unknown.length > 0 && { detail: `without ${unknown.join(', ')}` }),
      },
    ];
  }),
  notes: [],
});
