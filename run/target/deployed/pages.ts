/** All items of a list that API Gateway gives in pages. */
export async function pagesOf<Item>(
  ask: (token: string | undefined) => Promise<{ Items?: Item[] | undefined; NextToken?: string | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    items.push(...(page.Items ?? []));
    token = page.NextToken;
  } while (token !== undefined && token !== '');
  return items;
}
