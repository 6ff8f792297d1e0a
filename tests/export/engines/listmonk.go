// Prints a template with each row as listmonk does: html/template, sprig, and Safe. The subject
// goes through text/template, which must give the same. Standard input: {template, rows}.
package main

import (
	"bytes"
	"encoding/json"
	"html/template"
	"os"
	text "text/template"

	"github.com/Masterminds/sprig"
)

type Subscriber struct {
	Email   string
	Name    string
	Attribs map[string]interface{}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	var asked struct {
		Template string
		Rows     []Subscriber
	}
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	functions := sprig.GenericFuncMap()
	functions["Safe"] = func(html string) template.HTML { return template.HTML(html) }
	html, err := template.New("content").Funcs(functions).Parse(asked.Template)
	must(err)
	plain, err := text.New("content").Funcs(functions).Parse(asked.Template)
	must(err)
	texts := []string{}
	for _, row := range asked.Rows {
		message := map[string]interface{}{"Subscriber": row}
		var first, second bytes.Buffer
		must(html.Execute(&first, message))
		must(plain.Execute(&second, message))
		if first.String() != second.String() {
			panic("html/template changes " + second.String() + " to " + first.String())
		}
		texts = append(texts, first.String())
	}
	must(json.NewEncoder(os.Stdout).Encode(texts))
}
