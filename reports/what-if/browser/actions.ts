/** What can be done with a scenario: a link to it, its files, and back. */
import { stackOf } from '../answer.ts';
import type { Inputs } from '../control.ts';
import type { PlanCommand } from '../page-data.ts';
import { planYaml, settingsYaml } from '../plan-yaml.ts';
import { element } from './dom.ts';

interface Actions {
  command: PlanCommand;
  inputs: () => Inputs;
  say: (sentence: string) => void;
  reset: () => void;
}

export function actions({ command: { asked, notCopied, settings }, inputs, say, reset }: Actions): {
  element: HTMLElement;
  enable(on: boolean): void;
} {
  const shown = element('textarea', {
    id: 'what-if-text',
    rows: 12,
    readonly: true,
    'aria-label': 'What was copied',
    hidden: true,
    spellcheck: 'false',
  });
  const copy = async (text: string, sentence: string) => {
    shown.value = text;
    shown.hidden = false;
    try {
      await navigator.clipboard.writeText(text);
      say(sentence);
    } catch {
      // Without a clipboard it is there to be copied by hand.
      shown.focus();
      shown.select();
      say('This browser does not let a page copy: the text is selected below.');
    }
  };
  const button = (id: string, label: string, act: () => void) => {
    const made = element('button', { type: 'button', id: `what-if-${id}` }, label);
    made.addEventListener('click', act);
    return made;
  };
  const repeated = notCopied.length === 0 ? '' : `, with ${notCopied.join(', ')} as they were given`;
  const buttons = [
    button(
      'copy-link',
      'Copy the link',
      () => void copy(location.href, 'Copied: whoever has this file and the link sees this scenario.'),
    ),
    button(
      'copy-plan',
      'Copy as plan.yml',
      () =>
        void copy(
          planYaml(inputs().plan),
          settings
            ? `Copied. The same answer: loadline plan plan.yml --settings settings.yml${asked}${repeated}`
            : `Copied. The same answer, but for changed settings of the stack, which are in its template: loadline plan plan.yml${asked}${repeated}`,
        ),
    ),
    ...(settings
      ? [
          button(
            'copy-settings',
            'Copy as settings.yml',
            () =>
              void copy(
                settingsYaml(stackOf(inputs()), settings),
                'Copied: the settings of the stack, but for whom its alarms notify.',
              ),
          ),
        ]
      : []),
  ];
  const back = button('reset', 'Back to the report', reset);
  const bar = element(
    'div',
    { class: 'what-if-actions' },
    element('p', { class: 'what-if-buttons' }, ...buttons, back),
    shown,
  );
  return {
    element: bar,
    enable(on) {
      for (const each of buttons) each.disabled = !on;
    },
  };
}
