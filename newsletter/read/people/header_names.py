"""What programs and people call the columns of tables: header → field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

OBJECTION = "objection"
"""A column that says a customer does not want email: it can only take consent away."""
CONSENT = "consent_email"

EXTRA_FIELDS = ("house_number", "street_2", OBJECTION)
"""Read to make up fields of CUSTOMERS; not columns of the result."""

ALIASES: Mapping[str, str] = {
    "id": (
        "id customer_id customer_number customer_no customer_nr client_id client_number member_id "
        "contact_id record_id record_id_contact external_id ext_id uuid kundennummer kundennr "
        "kunden_nr kunden_id kdnr kd_nr nr lfd_nr mitgliedsnummer debitorennummer debitor "
        "numéro_client "
        "numéro_de_client n°_client no_client id_client"
    ),
    "email": (
        "email e_mail email_address e_mail_address mail primary_email customer_email email_1 "
        "e_mail_1_value e_mail_adresse mailadresse adresse_e_mail adresse_email adresse_mail "
        "courriel billing_email work_email"
    ),
    "title": "title salutation name_prefix prefix courtesy_title anrede titel civilité",
    "first_name": (
        "first_name firstname fname given_name forename vorname rufname prénom billing_first_name"
    ),
    "last_name": (
        "last_name lastname lname surname family_name nachname familienname zuname nom "
        "nom_de_famille billing_last_name"
    ),
    "name": (
        "name full_name customer_name client_name contact_name display_name customer client kunde "
        "kundenname vor_und_nachname vollständiger_name nom_complet nom_et_prénom prénom_et_nom"
    ),
    "company": (
        "company company_name organization organisation organization_name organization_1_name "
        "firma firmenname unternehmen entreprise société raison_sociale default_address_company "
        "billing_company"
    ),
    "account": "account account_id company_id firmennummer firmen_nr",
    "street": (
        "street street_address address address_1 address1 address_line_1 straße "
        "straße_und_hausnummer straße_hausnummer anschrift adresse adresse_1 rue "
        "default_address_address1 address_1_street billing_address_1 billing_street"
    ),
    "street_2": (
        "street_2 address_2 address2 address_line_2 adresszusatz complément_d_adresse "
        "default_address_address2"
    ),
    "house_number": "house_number house_no hausnummer hausnr haus_nr numéro_de_rue",
    "postcode": (
        "postcode post_code postal_code zip zip_code plz postleitzahl code_postal cp "
        "default_address_zip address_1_postal_code billing_postcode billing_zip"
    ),
    "city": (
        "city town locality ort stadt wohnort ville commune default_address_city address_1_city "
        "billing_city"
    ),
    "region": (
        "region state province county state_region bundesland kanton département région "
        "default_address_province_code address_1_region billing_state"
    ),
    "country": (
        "country country_code country_region land ländercode pays code_pays "
        "default_address_country_code address_1_country billing_country"
    ),
    "phone": (
        "phone phone_number telephone telephone_number tel telefon telefonnummer rufnummer "
        "téléphone phone_1_value mobile mobile_phone mobile_phone_number cell cell_phone mobil "
        "mobiltelefon handy handynummer portable sms landline_number default_address_phone "
        "billing_phone whatsapp"
    ),
    "language": "language lang locale preferred_language sprache korrespondenzsprache langue",
    "formality": "formality form_of_address anredeform du_sie du_oder_sie tu_vous",
    "birthday": (
        "birthday birth_date birthdate date_of_birth dob geburtstag geburtsdatum geb_datum geb "
        "anniversaire date_de_naissance né_le"
    ),
    "customer_since": (
        "customer_since client_since since member_since kunde_seit client_depuis sign_up "
        "signup_date registered joined date_joined registriert_am"
    ),
    "interests": "interests interest interessen themen topics centres_d_intérêt intérêts",
    "segments": (
        "segments segment tags tag labels categories groups group group_membership kategorien "
        "gruppen gruppe schlagworte étiquettes groupes"
    ),
    "channel": (
        "channel preferred_channel preferred_contact contact_preference kanal kontaktweg "
        "bevorzugter_kontaktweg canal"
    ),
    "account_manager": (
        "account_manager contact_owner owner sales_rep betreuer kundenbetreuer kundenbetreuerin "
        "berater responsable chargé_de_clientèle"
    ),
    "points": (
        "points loyalty_points reward_points punkte bonuspunkte treuepunkte points_de_fidélité"
    ),
    "orders_count": (
        "orders orders_count order_count total_orders number_of_orders bestellungen "
        "anzahl_bestellungen nombre_de_commandes commandes payment_count"
    ),
    "total_spent": (
        "total_spent total_spend lifetime_value ltv revenue umsatz gesamtumsatz "
        "chiffre_d_affaires total_dépensé"
    ),
    "last_order": (
        "last_order last_order_date last_purchase last_visit letzte_bestellung letzter_kauf "
        "letzter_besuch dernière_commande dernier_achat dernière_visite"
    ),
    CONSENT: (
        "consent_email email_consent consent newsletter newsletter_consent marketing_consent "
        "opt_in optin email_opt_in newsletter_opt_in marketing_opt_in double_opt_in doi marketing "
        "email_marketing accepts_marketing accepts_email_marketing subscribed "
        "newsletter_subscribed email_marketing_consent einwilligung einwilligung_email "
        "einwilligung_e_mail werbeeinwilligung newsletter_einwilligung abonniert "
        "newsletter_abonniert consentement consentement_email abonné infolettre inscrit"
    ),
    "consent_basis": "consent_basis basis legal_basis consent_source rechtsgrundlage base_légale",
    "consent_since": (
        "consent_since consent_date opt_in_date optin_date opt_in_datum subscribed_at "
        "subscribed_on einwilligung_am einwilligung_vom einwilligung_seit date_de_consentement "
        "date_du_consentement"
    ),
    "consent_phone": (
        "consent_phone phone_consent call_consent einwilligung_telefon telefon_einwilligung "
        "consentement_téléphone"
    ),
    "consent_post": (
        "consent_post post_consent letter_consent postal_consent einwilligung_post "
        "post_einwilligung consentement_courrier"
    ),
    "consent_text": (
        "consent_text text_consent consent_sms sms_consent sms_opt_in accepts_sms_marketing "
        "sms_marketing_consent whatsapp_consent einwilligung_sms sms_einwilligung "
        "einwilligung_textnachricht consentement_sms consentement_texto"
    ),
    "celebrates": (
        "celebrates holidays feiert feiertage feste célèbre fêtes fêtes_célébrées jours_fériés"
    ),
    "mention_family": (
        "mention_family ask_about_family family_may_be_mentioned familie_erwähnen "
        "familie_ansprechen nach_familie_fragen mentionner_famille mentionner_la_famille "
        "parler_de_la_famille"
    ),
    "not_to_mention": (
        "not_to_mention do_not_mention don_t_mention never_mention nicht_erwähnen "
        "nicht_ansprechen ne_pas_mentionner ne_pas_évoquer à_ne_pas_dire"
    ),
    "referred_by": (
        "referred_by recommended_by introduced_by empfohlen_von geworben_von empfehlung_von "
        "recommandé_par parrainé_par parrain"
    ),
    "closed": "closed account_closed deceased verstorben geschlossen décédé fermé",
    OBJECTION: (
        "unsubscribed unsubscribed_at unsubscribed_from_all_email opt_out optout opted_out "
        "email_opt_out do_not_email do_not_contact email_blacklisted blacklisted blocklisted "
        "unsub_time clean_time abgemeldet abgemeldet_am widerspruch widersprochen werbesperre "
        "keine_werbung désabonné désinscrit"
    ),
}
"""Field → its headers, words joined by `_`; of several in one file the earlier is preferred."""


_PUNCTUATION = re.compile(r"[\W_]+")


@lru_cache(4096)
def key(header: str) -> str:
    """
    Return the header without case, accents, spaces and punctuation: what headers are compared by.

    `E-Mail` → email, `Straße` → strasse, `Prénom` → prenom, `E-mail 1 - Value` → email1value.
    """
    plain = header.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _PUNCTUATION.sub("", plain)


def by_key(aliases: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Return header key → (field, rank); rank 0, the preferred header, is the field's own name."""
    fields: dict[str, tuple[str, int]] = {}
    for field, names in aliases.items():
        for rank, name in enumerate([field, *names.split()]):
            fields.setdefault(key(name), (field, rank))
    return fields


CUSTOMER_HEADERS = by_key(ALIASES)


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
