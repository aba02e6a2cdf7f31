/** Command lines of what is run by hand or by CI: suites under test/ and benches. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** `parseArgs`; `--help` prints the usage and ends with code 0, a wrong option prints what is wrong and the usage and ends with code 2. */
export function parseOptions<const Config extends ParseArgsConfig>(usage: string, config: Config) {
  if (process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    // Node adds advice about the command line in general to its first sentence.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    console.error(`${sentence?.replace(/\.$/, '')}. ${usage}`);
    process.exit(2);
  }
}
