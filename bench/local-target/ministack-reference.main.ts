/**
 * The peer: ministack with the reference stack, its handlers unchanged, deployed by its CloudFormation. Arguments: the folder of the virtual environment it is
 * installed in, and the number of users. Reports over IPC the stack's description and the WebSocket addresses of the users, and ends with its parent.
 */
import { describeAwsTarget } from '../../run/target/aws-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { synthesizeApart } from '../../stack/synthesis/synthesize-apart.ts';
import { deploy, region, templateForMinistack } from '../../test/other-aws/deploy.fixture.ts';
import { bareSettings, usersOf } from './bench-users.ts';
import { startMinistack } from './ministack-server.ts';

const [folder = '', users = '1'] = process.argv.slice(2);
Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
const { url } = await startMinistack(folder);
const emulatorApiUrl = `${url}/_aws/execute-api/{apiId}/{stage}`;
const stackName = 'Loadline';
const assembly = await synthesizeApart(parseSettings({ ...bareSettings, emulatorApiUrl }));
await deploy(url, stackName, await templateForMinistack(assembly, url));
const target = await describeAwsTarget({ stackName, region, endpoint: url });
process.send?.({ ...target, users: await usersOf(target, Number(users)) });
