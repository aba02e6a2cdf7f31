/** An account's own quotas, as the AWS command line prints them. */
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { readInputFile } from '../input-file.ts';

const listSchema = z.object({ Quotas: z.array(z.object({ QuotaCode: z.string(), Value: z.number() })) });

/** Values by quota code. Throws a UsageError. Source of the layout: Service Quotas API, ListServiceQuotas, read 2026-11. */
export function readAccountQuotas(path: string): Record<string, number> {
  const text = readInputFile(path, 'list of quotas');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `The list of quotas ${path} is not JSON: make it with \`aws service-quotas list-service-quotas --service-code apigateway --output json\`.`,
      { cause },
    );
  }
  const parsed = listSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `The list of quotas ${path} is not valid: ${issue?.path.join('.') || 'the file'}: ${issue?.message}. Make it with \`aws service-quotas list-service-quotas --output json\`.`,
    );
  }
  return Object.fromEntries(parsed.data.Quotas.map(({ QuotaCode, Value }) => [QuotaCode, Value]));
}
