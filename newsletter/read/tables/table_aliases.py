"""How the columns of the tables beside the customers are called: table → header → field."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.read.tables.aliases import ALIASES, by_key

# Not `id` alone: in these tables that is the number of the order or the feedback.
_CUSTOMER = (
    "customer_id customer_number customer_no client_id client_number kundennummer kundennr "
    "kunden_id kdnr numéro_client client kunde customer_email client_email kunden_e_mail contact "
    f"contact_id {ALIASES['email']}"
)
_DATE = "date day datum tag jour created_at created erstellt_am am when"
_MEMBER = "team team_member by who mitarbeiter mitarbeiterin von par"

TABLE_ALIASES: Mapping[str, Mapping[str, str]] = {
    "orders": {
        "customer": _CUSTOMER,
        "date": (
            f"{_DATE} order_date ordered_at paid_at purchase_date bestelldatum kaufdatum "
            "rechnungsdatum date_de_commande"
        ),
        "amount": (
            "total sum price value order_total total_amount betrag summe gesamt gesamtbetrag "
            "preis umsatz brutto montant prix"
        ),
        "product": "item article lineitem_name product_name produkt artikel bezeichnung produit",
        "category": "product_category product_type kategorie warengruppe catégorie",
    },
    "services": {
        "customer": _CUSTOMER,
        "date": f"{_DATE} done_on erledigt_am",
        "title": "service what work task subject leistung titel was arbeit prestation titre",
        "detail": "details description note notes beschreibung bemerkung détail",
    },
    "occasions": {
        "customer": _CUSTOMER,
        "date": _DATE,
        "occasion": "event what kind type anlass ereignis événement",
        "remark": "note notes comment bemerkung notiz remarque",
    },
    "feedback": {
        "id": "feedback_id number nr nummer",
        "customer": _CUSTOMER,
        "date": _DATE,
        "score": "rating nps points stars bewertung punkte",
        "text": "comment feedback message answer kommentar nachricht commentaire",
    },
    "conversations": {
        "customer": _CUSTOMER,
        "date": _DATE,
        "member": _MEMBER,
        "channel": "kind how kanal canal",
        "text": "note notes what summary notiz inhalt texte",
        "promise": "promised versprechen zusage promesse",
        "promised_by": "due until by_when promise_date bis frist échéance",
        "kept": "done fulfilled gehalten erledigt tenu fait",
    },
    "suppressed": {
        "email": ALIASES["email"],
        "date": f"{_DATE} since unsubscribed_at abgemeldet_am",
        "reason": "why grund raison note",
    },
    "history": {
        "customer": _CUSTOMER,
        "date": f"{_DATE} sent sent_at",
        "practice": "kind what",
        "channel": "kanal canal via",
        "issue": "newsletter edition ausgabe numéro",
        "entries": "slugs articles",
        "key": "what_for wofür pour_quoi clé schlüssel",
        "outcome": "result ergebnis résultat",
        "remark": "note notes comment bemerkung notiz remarque",
        "reason": "why reason_for_leaving grund warum weshalb raison motif",
        "prompts": "prompt mentioned stichworte erwähnt sujets mentionné",
        "code": "voucher voucher_code coupon gutschein gutscheincode bon code_du_bon",
        "member": _MEMBER,
    },
}

TABLE_HEADERS = {name: by_key(aliases) for name, aliases in TABLE_ALIASES.items()}
