const { GREETING, FIRST, SHARED, DEBUG, LIMITS, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = process.env;

export const handler = async ({ rawPath }) => ({
  said: `${GREETING} ${FIRST}`,
  rawPath,
  SHARED,
  DEBUG,
  LIMITS,
  memory: AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
});
