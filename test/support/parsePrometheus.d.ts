declare module 'parse-prometheus-text-format' {
  /** Families of samples as prom2json has them. */
  export default function parse(text: string): { name: string; type: string; help: string; metrics: object[] }[];
}
