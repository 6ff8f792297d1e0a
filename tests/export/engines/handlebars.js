// Prints a Handlebars template with each row. Standard input: {template, rows, escapes}.
const Handlebars = require("/usr/share/javascript/handlebars/handlebars.js");
const { template, rows, escapes } = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const write = Handlebars.compile(template, { noEscape: !escapes });
process.stdout.write(JSON.stringify(rows.map((row) => write(row))));
