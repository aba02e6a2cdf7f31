/** The CDK app of the conformance stacks: `cdk deploy --app "node test/conformance/stack/app.ts" --all`. */
import { writeConformanceAssembly } from './assembly.ts';

writeConformanceAssembly(process.argv[2] ?? process.env.CDK_OUTDIR ?? 'cdk.out');
