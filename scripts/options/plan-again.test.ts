import { expect, test } from 'vitest';
import { coefficientsOfProfile } from '../../capacity/profile/profile-coefficients.ts';
import type { StackBasis } from '../../run/basis.ts';
import { exampleProfile } from '../../run/example-profile.fixture.ts';
import { askedAgain } from './plan-again.ts';

const profile = exampleProfile();
const basis: StackBasis = {
  ...{ kind: 'profile', profile, coefficients: coefficientsOfProfile(profile), deployment: profile.deployment },
  ...{ settings: null, skipped: { runs: [], profiles: [] } },
};

test('the shares of routes are copied, as a shell reads them', () => {
  const { asked } = askedAgain({ messageRoute: { send: 3, leave: 0.5 }, webhookRoute: { 'POST /hooks': 1 } }, basis);
  expect(asked).toBe(
    " --profile profiles/20261121T180726Z-3f9a --message-route send=3 --message-route leave=0.5 --webhook-route 'POST /hooks=1'",
  );
});

test('what may be secret is not copied, and named', () => {
  const given = {
    ...{ template: 'chat.yaml', parameters: 'prod.json', parameter: { Key: 's3cret' }, ignore: ['AWS::X::Y'] },
    ...{ url: 'wss://a.example/?key=s3cret', webhookUrl: '/hooks', message: '{"key":"s3cret"}', profile: 'mine' },
  };
  const { asked, notCopied } = askedAgain(given, basis);
  expect(asked).toBe(' --template chat.yaml --parameters prod.json --ignore AWS::X::Y --profile mine');
  expect(notCopied).toEqual(['--parameter', '--url', '--message', '--webhook-url']);
});
