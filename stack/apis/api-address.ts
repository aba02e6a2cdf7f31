/** Where a stage of an API answers: at AWS's own name, or where an emulator of AWS has it. */
import { Aws, Fn } from 'aws-cdk-lib';
import type { StackSettings } from '../settings/settings.ts';

interface ApiStage {
  scheme: 'https' | 'wss';
  apiId: string;
  /** `$default` is not part of AWS's address. */
  stage: string;
}

/** Without a slash at the end. */
export function apiAddress(
  { emulatorApiUrl }: Pick<StackSettings, 'emulatorApiUrl'>,
  { scheme, apiId, stage }: ApiStage,
): string {
  if (emulatorApiUrl === null) {
    const host = [`${scheme}://`, apiId, '.execute-api.', Aws.REGION, '.', Aws.URL_SUFFIX];
    return Fn.join('', stage === '$default' ? host : [...host, '/', stage]);
  }
  const url = scheme === 'wss' ? emulatorApiUrl.replace(/^http/, 'ws') : emulatorApiUrl;
  return Fn.join(apiId, url.replaceAll('{stage}', stage).split('{apiId}'));
}
