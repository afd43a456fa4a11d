/** Everything that is for sale, by its number. Prices are in cents. */
export const catalogue = {
  tea: { name: 'Green tea, 100 g', price: 690 },
  mug: { name: 'Mug, blue', price: 1250 },
  pot: { name: 'Tea pot', price: 3400 },
  tin: { name: 'Tin with a lid', price: 910 },
};

/** The article with this number. Throws when there is none. */
export function findArticle(number) {
  const article = catalogue[number];
  if (!article) throw new Error(`No such article: ${number}`);
  return article;
}
