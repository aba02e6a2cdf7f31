/** Stages that come and go. */
import { dateAfter } from '../../../capacity/projection/rollout.ts';
import { type Inputs, withValueAt } from '../control.ts';
import { element } from './dom.ts';

export function stageButtons(inputs: () => Inputs, become: (inputs: Inputs) => void): HTMLElement {
  const add = element('button', { type: 'button', id: 'what-if-add-stage' }, 'Add a stage');
  const remove = element('button', { type: 'button', id: 'what-if-remove-stage' }, 'Remove the last stage');
  add.addEventListener('click', () => {
    const { plan } = inputs();
    const last = plan.rollout.at(-1);
    const after = last && last.date > plan.asOf ? last.date : plan.asOf;
    const next = {
      stage: `stage ${plan.rollout.length + 1}`,
      share: last?.share ?? 1,
      date: dateAfter({ ...plan, asOf: after }, 1),
    };
    become(withValueAt(inputs(), ['plan', 'rollout'], [...plan.rollout, next]));
  });
  remove.addEventListener('click', () => {
    const { rollout } = inputs().plan;
    if (rollout.length > 1) become(withValueAt(inputs(), ['plan', 'rollout'], rollout.slice(0, -1)));
  });
  return element('p', { class: 'what-if-buttons' }, add, remove);
}
