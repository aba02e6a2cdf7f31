/** What can be done with a scenario: a link to it, its files, and back. */
import type { PlanCommand } from '../page-data.ts';
import { element } from './dom.ts';

interface Actions {
  command: Omit<PlanCommand, 'settings'> & { name: 'plan' | 'choose' };
  planText: () => string;
  /** Null: the settings are in the stack's template. */
  settingsText: (() => string) | null;
  say: (sentence: string) => void;
  reset: () => void;
}

export function actions({ command: { name, asked, notCopied }, planText, settingsText, say, reset }: Actions): {
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
          planText(),
          settingsText
            ? `Copied. The same answer: loadline ${name} plan.yml --settings settings.yml${asked}${repeated}`
            : `Copied. The same answer, but for changed settings of the stack, which are in its template: loadline ${name} plan.yml${asked}${repeated}`,
        ),
    ),
    ...(settingsText
      ? [
          button(
            'copy-settings',
            'Copy as settings.yml',
            () => void copy(settingsText(), 'Copied: the settings of the stack, but for whom its alarms notify.'),
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
