/** The live what-if of a comparison: what `loadline choose` would say. */
import { answerToChoice, choiceInputsOf, planOf, seekTurn } from '../choose/choice.ts';
import { choiceControls } from '../choose/choice-controls.ts';
import type { ChoiceData } from '../choose/choice-data.ts';
import { choiceProblems } from '../choose/choice-problems.ts';
import { choiceSettingsYaml } from '../choose/choice-settings.ts';
import { costsNow, turnWords } from '../choose/choice-words.ts';
import { readData } from '../page-data.ts';
import { planYaml } from '../plan-yaml.ts';
import { actions } from './actions.ts';
import { choicePanel } from './choice-panel.ts';
import { livePlace, startLive } from './live.ts';

const found = livePlace();
if (found) {
  const { base, rules, sizes, settings, ...command } = readData<ChoiceData>(found.json);
  const own = choiceInputsOf(base);
  startLive(found.place, {
    own,
    className: 'what-if-wide',
    controls: (inputs) => choiceControls(inputs, base, { rules, sizes }),
    answerTo: (inputs) => answerToChoice(base, inputs),
    problems: (inputs, controls) => choiceProblems(inputs, controls, { base, rules, sizes }),
    panel: choicePanel(answerToChoice(base, own)),
    now: costsNow,
    *along(inputs, control) {
      return turnWords(yield* seekTurn(base, inputs, control), control);
    },
    bar: (page) =>
      actions({
        ...page,
        command: { name: 'choose', ...command },
        planText: () => planYaml(planOf(page.inputs())),
        settingsText: settings && (() => choiceSettingsYaml(page.inputs(), settings)),
      }),
  });
}
