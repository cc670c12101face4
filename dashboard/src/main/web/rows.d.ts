// The bundler hands rows over as one text.
declare module '*.jsonl' {
  const text: string;
  export default text;
}
declare module '*.css';
