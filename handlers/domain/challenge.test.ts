import { expect, it } from 'vitest';
import { answerChallenge } from './challenge.ts';

it.each(['bc609b38-c81f-47fb-a275-1d9bd61f968b', ' a+b "quoted" ü ', '0'])('echoes %j exactly', (challenge) => {
  expect(answerChallenge(challenge)).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'text/plain' },
    body: challenge,
  });
});

it.each([undefined, ''])('answers 400 to the challenge %j', (challenge) => {
  expect(answerChallenge(challenge).statusCode).toBe(400);
});
