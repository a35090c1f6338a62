"""Invoices of several countries, drawn for the tests; companies, people and numbers are invented."""

from __future__ import annotations

AMERICAN = """
Brightwater Tools Inc.                                           INVOICE
412 Harbor Street                                                Invoice #:      BW-20417
Portland, OR 97209                                               Invoice Date:   03/14/2025
accounts@brightwatertools.com                                    Due Date:       04/13/2025
                                                                 PO Number:      88-1204

Bill To                                     Ship To
Northgate Carpentry LLC                     Northgate Carpentry LLC
Attn: Dana Whitfield                        Yard 7
1900 Cedar Avenue                           22 Mill Road
Spokane, WA 99201                           Spokane, WA 99202

Qty      Description                                   Unit Price          Amount
2        Cordless drill, 18 V                              149.50          299.00
10       Saw blade, 7 1/4 in                                12.25          122.50
1        Workbench, folding                              1,210.00        1,210.00

                                                        Subtotal         1,631.50
                                                        Sales Tax (8.5%)   138.68
                                                        Shipping            45.00
                                                        Total           $1,815.18

Payment Terms: Net 30
"""

BRITISH = """
                                                              Harrow & Finch Ltd
                                                              Unit 4, Canal Works
                                                              Leeds LS1 4AP
                                                              VAT Reg No: GB 123 4567 82
                          INVOICE

Invoice to:                                                   Invoice No:        HF/2931
Tidewell Dental Practice                                      Date:              5 June 2024
8 Market Square                                               Payment due by:    5 July 2024
Whitby YO21 1AA                                               Your order no:     TD-77

Description                              Quantity     Unit price      VAT %       Net amount
Boiler inspection                               1         180.00        20%           180.00
Replacement valve, brass                        4          22.40        20%            89.60
Travel                                         35           0.45        20%            15.75

                                                                  Net total           £285.35
                                                                  VAT @ 20%            £57.07
                                                                  Amount due          £342.42

Bank: Moorland Bank   Sort code: 10-20-30   Account no: 12345678
"""

GERMAN = """
Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart

Firma
Baumann Söhne OHG
Frau Petra Lindner
Gartenweg 3                                             Rechnungsdatum:        17.02.2025
89073 Ulm                                               Kundennummer:          10482
                                                        Lieferdatum:           14.02.2025

Rechnung Nr. 2025-0317

Pos.   Art.-Nr.    Bezeichnung                    Menge   Einheit   Einzelpreis   Gesamtpreis
1      4711-A      Fräser HSS 12 mm                   6   Stk.            38,50        231,00
2      4720        Spannzange ER32                    2   Stk.           129,00        258,00
                   inkl. Prüfprotokoll
3      9001        Montage vor Ort                  3,5   Std.            92,00        322,00

                                              Summe netto                              811,00
                                              zzgl. 19 % MwSt.                         154,09
                                              Gesamtbetrag                         965,09 EUR

Zahlbar bis zum 19.03.2025 ohne Abzug.

Kessler Werkzeugbau GmbH     Bankverbindung: Volksbank Stuttgart     USt-IdNr.: DE136695976
Industriestr. 12             IBAN: DE89 3704 0044 0532 0130 00       Geschäftsführer: Jan Kessler
70565 Stuttgart              BIC: COBADEFFXXX                        www.kessler-werkzeugbau.de
"""

FRENCH = """
Menuiserie Duvalier SARL                                 FACTURE
27 rue des Tilleuls
69003 Lyon                                               Facture N° : F2024-118
Tél. : 04 78 00 00 00                                    Date de facture : 12 août 2024
N° TVA : FR40303265045                                   Date d'échéance : 11/09/2024

                                                         Facturé à :
                                                         Crèche Les Hirondelles
                                                         5 place du Marché
                                                         42000 Saint-Étienne

Désignation                                Qté        P.U. HT       TVA        Montant HT
Porte intérieure en chêne                    3         420,00       20 %         1 260,00
Pose et réglage                              6          55,00       10 %           330,00

                                                     Total HT                    1 590,00 €
                                                     TVA 20 %                      252,00 €
                                                     TVA 10 %                       33,00 €
                                                     Total TTC                   1 875,00 €

IBAN : FR14 2004 1010 0505 0001 3M02 606     Conditions de paiement : 30 jours fin de mois
"""

DUTCH = """
Van Houten Drukwerk B.V.
Kanaalweg 18
3526 KL Utrecht
KvK-nummer: 30123456
BTW-nummer: NL004495445B01

Factuur aan:                                            Factuurnummer:    2024.0456
Bakkerij De Korenaar                                    Factuurdatum:     3 maart 2024
Dorpsstraat 9                                           Vervaldatum:      2 april 2024
3981 EA Bunnik

Omschrijving                          Aantal      Prijs      BTW      Bedrag
Flyers A5, dubbelzijdig                 2500       0,06      21%      150,00
Ontwerp, per uur                           4      65,00      21%      260,00

                                                Subtotaal             410,00
                                                BTW 21%                86,10
                                                Te betalen          € 496,10
"""

SPANISH = """
Talleres Olmedo S.L.                                        FACTURA
C/ Mayor 45                                                 Nº de factura: A-2024/093
28013 Madrid                                                Fecha: 21/11/2024
CIF: B58378431                                              Vencimiento: 21/12/2024

Datos del cliente
Panadería San Blas S.A.
Avenida del Puerto 12
46021 Valencia

Descripción                       Cantidad     Precio      Importe
Revisión del horno                       1     240,00       240,00
Junta de puerta                          2      35,50        71,00

                                   Base imponible           311,00 €
                                   IVA 21%                   65,31 €
                                   Total                    376,31 €
"""

ITALIAN = """
Officina Ferrarese S.r.l.
Via Garibaldi 8
44121 Ferrara
P.IVA: 00743110157

                                              Spett.le
                                              Hotel Bellavista S.p.A.
                                              Lungomare 101
                                              47838 Riccione

Fattura n. 77/2024                Data: 09/05/2024             Scadenza: 08/06/2024

Descrizione                         Quantità       Prezzo unitario       Importo
Manutenzione ascensore                     1                650,00        650,00
Cavo di trazione, metri                   24                 18,50        444,00

                                            Imponibile            1.094,00
                                            IVA 22%                 240,68
                                            Totale fattura       € 1.334,68
"""

PORTUGUESE = """
Vinhos da Serra Lda
Rua do Comércio 210
4050-253 Porto
NIF: 501964843

Exmo. Senhor
Restaurante O Pescador
Avenida Marginal 3
2750-001 Cascais

Fatura nº FT 2024/512            Data de emissão: 2024-10-02        Vencimento: 2024-11-01

Descrição                    Qtd      Preço unit.      IVA       Total
Vinho tinto reserva           12             9,80      13%      117,60
Azeite extra virgem            6             7,25       6%       43,50

                                         Subtotal             161,10 €
                                         Total IVA             17,90 €
                                         Total a pagar        179,00 €
"""

POLISH = """
                                                Faktura VAT nr FV/118/2024
                                                Data wystawienia: 14.06.2024
                                                Termin płatności: 28.06.2024

Sprzedawca:                                     Nabywca:
Stolarnia Dąbrowa Sp. z o.o.                    Kawiarnia Pod Lipą
ul. Leśna 14                                    Rynek 7
30-019 Kraków                                   31-042 Kraków
NIP: 5260250995                                 NIP: 5213017228

Lp.  Nazwa towaru lub usługi        Ilość   J.m.   Cena netto   Wartość netto   VAT   Wartość brutto
1    Stolik dębowy                      5   szt.       380,00        1 900,00   23%         2 337,00
2    Transport                          1   usł.       120,00          120,00   23%           147,60

                                                Razem netto      2 020,00
                                                Kwota VAT          464,60
                                                Do zapłaty       2 484,60 PLN
"""

SWISS = """
Alpenglas AG                                              Rechnung 40771
Seestrasse 30
8002 Zürich
CHE-123.456.789 MWST

Hotel Edelweiss                                           Datum: 01.12.2024
Dorfplatz 1                                               Zahlbar bis: 31.12.2024
3920 Zermatt

Bezeichnung                         Anzahl        Preis       Betrag
Isolierglas 120 x 80                    12       185.00     2'220.00
Einbau                                   8       110.00       880.00

                                          Zwischensumme     3'100.00
                                          MWST 8.1%           251.10
                                          Total CHF         3'351.10
"""

INDIAN = """
SUNRISE TEXTILES PVT. LTD.                                   TAX INVOICE
14 Mill Road, Coimbatore 641001
GSTIN: 33AABCS1429B1ZB

Bill To:                                   Invoice No: ST/24-25/0091
Kaveri Garments                            Invoice Date: 05-Jan-2025
22 Anna Salai                              Due Date: 04-Feb-2025
Chennai 600002

S.No   Description            HSN      Qty     Rate        Amount
1      Cotton yarn 40s        5205     100     212.00      21,200.00
2      Dyed fabric            5208      50   2,480.00    1,24,000.00

                                   Taxable Value         1,45,200.00
                                   CGST 2.5%                 3,630.00
                                   SGST 2.5%                 3,630.00
                                   Grand Total        ₹ 1,52,460.00
"""

FROM_AND_TO = """
INVOICE

From                                   To
Lumen Studio                           Orchard Books Ltd
7 Kiln Lane                            90 High Street
Bristol BS1 5TR                        Bath BA1 1AA

Invoice number       Invoice date       Due date         Terms
2024-113             28 Nov 2024        28 Dec 2024      30 days

Item                               Hours        Rate          Total
Cover design                          12       55.00         660.00
Photo retouching                     4.5       40.00         180.00

                                            Total          £840.00
"""

CREDIT_NOTE = """
Nordlicht Elektro GmbH
Hafenstraße 2, 24103 Kiel
USt-IdNr. DE136695976

Leuchtenhaus Mohr KG                             Gutschrift
Am Markt 5                                       Gutschrift-Nr.: G-2025-008
24937 Flensburg                                  Datum: 06.03.2025

Pos  Bezeichnung                 Menge    Einzelpreis     Gesamt
1    LED-Leuchte, Rücknahme         -4          45,00    -180,00

                                     Nettobetrag         -180,00 EUR
                                     MwSt. 19 %           -34,20 EUR
                                     Gesamtbetrag        -214,20 EUR
"""

FIRST_PAGE = """
Paperworks Ltd                                          Invoice
12 Dock Road                                            Invoice no: 7781
Hull HU1 2DJ                                            Date: 02/05/2024

Bill to:
Seaview School
1 Cliff Road
Scarborough YO11 2AA

Code      Description                   Qty      Price       Amount
P-100     Copy paper A4, white           40       3.10       124.00
P-220     Envelopes C5                   10       5.25        52.50
          self-seal, box of 500
                                   Carried forward           176.50
                                                         Page 1 of 2
"""

SECOND_PAGE = """
Paperworks Ltd                                          Invoice
                                                        Invoice no: 7781

Code      Description                   Qty      Price       Amount
                                   Brought forward           176.50
P-310     Ring binder                    25       1.80        45.00
P-415     Whiteboard                      2      64.00       128.00

                                        Subtotal             349.50
                                        VAT 20%               69.90
                                        Total                419.40
                                                         Page 2 of 2
"""

TILL_RECEIPT = """
          GREENLEAF GROCERS SDN BHD
               (1045678-K)
           12, JALAN MAWAR 3/2
          40100 SHAH ALAM, SELANGOR
             TEL: 03-5555 1234
         GST REG NO: 001234567890

              TAX INVOICE

Receipt No: R-00918        Date: 14/07/2017 18:22
Cashier: AINA

Rice 5kg
1 x 23.90                              23.90
Cooking oil 2L
2 x 11.45                              22.90

Total Qty: 3
Subtotal                               46.80
Rounding Adj                            0.02
TOTAL RM                               46.82
CASH                                   50.00
CHANGE                                  3.18

      THANK YOU, PLEASE COME AGAIN
"""

GERMAN_TILL_RECEIPT = """
          Bäckerei Sonnenschein
            Lindenallee 44
            50668 Köln

2 x  Brötchen            0,45      0,90 A
Roggenbrot                         3,80 A
Kaffee                             2,60 B

SUMME               EUR            7,30
Gegeben Bar                       10,00
Rückgeld                           2,70

MwSt A  7,00%   Netto 4,39  MwSt 0,31
Bon-Nr. 4412      12.09.2024  07:41
   Vielen Dank für Ihren Einkauf
"""

REMINDER = """
Wagner Metallbau GmbH                               MAHNUNG
Schmiedeweg 1
99084 Erfurt                                        Datum: 10.10.2024

Zahlungserinnerung zur Rechnung Nr. 5518 vom 12.08.2024
Offener Betrag                                      1.204,00 EUR
"""

BELGIAN = """
Boulangerie Lejeune SPRL                           Facture / Factuur
Rue Haute 12                                       N°: 2023/044
1000 Bruxelles                                     Date: 15/03/2023
TVA BE 0403.170.701                                Échéance: 14/04/2023

                                                   Hôtel Royal SA
                                                   Avenue Louise 100
                                                   1050 Bruxelles

Description             Quantité    P.U.     TVA      Total
Pains                        100    1,20      6 %    120,00
Tartes                        10   12,00      6 %    120,00

Total HTVA    240,00
TVA 6 %        14,40
Total TVAC    254,40 EUR
"""

SPANISH_WITH_WITHHOLDING = """
FACTURA                                        Fecha: 03/02/2024
Nº 2024-15
Lucía Ferrer Diseño                            Cliente: Editorial Almena S.L.
NIF 12345678Z                                  CIF B58378431
Calle Luna 3, 08001 Barcelona                  Gran Vía 200, 08013 Barcelona

Concepto                                       Importe
Ilustración de cubierta                        800,00 €

                          Base imponible       800,00 €
                          IVA 21%              168,00 €
                          IRPF -15%           -120,00 €
                          Total a pagar        848,00 €
"""

SUBSCRIPTION = """
Invoice                                                       Cloudbase, Inc.
                                                              548 Market St, PMB 1234
Invoice number    CB-88213-0007                               San Francisco, CA 94104
Date of issue     October 3, 2024                             United States
Date due          October 3, 2024                             billing@cloudbase.io

Cloudbase, Inc.                      Bill to
548 Market St                        Jane Roe
San Francisco, CA 94104              12 Elm Street
United States                        Dublin D02 X285
                                     Ireland

$49.00 USD due October 3, 2024

Description                                         Qty    Unit price       Amount
Pro plan                                              1        $40.00       $40.00
Oct 3 – Nov 3, 2024
Extra seat                                            1         $9.00        $9.00
Oct 3 – Nov 3, 2024

                                                    Subtotal                $49.00
                                                    Total                   $49.00
                                                    Amount due          $49.00 USD
"""

WHOLE_NUMBERS = """
             WARUNG MAKAN
         Jl. Sudirman 10 Jakarta
10/05/2019 12:30
Nasi Goreng       2      50.000
Es Teh            2      16.000
Sub Total                66.000
Tax 10%                   6.600
TOTAL            Rp      72.600
CASH                    100.000
CHANGE                   27.400
"""

WITHOUT_TAX = """
Kleinunternehmer Hans Meier
Waldweg 2
80331 München

Frau
Erika Beispiel
Bachstr. 7
80333 München
                                                 München, den 3. April 2024
Rechnung Nr. 17/2024

Für meine Leistungen erlaube ich mir zu berechnen:

Gartenarbeiten, pauschal                             450,00 €

Rechnungsbetrag                                      450,00 €

Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.
Bitte überweisen Sie den Betrag bis zum 17.04.2024 auf mein Konto
IBAN DE89 3704 0044 0532 0130 00
"""

DOTTED_LABELS = """
ACME PARTS LIMITED                                         TAX INVOICE
45 Queen Street, Auckland 1010
GST No: 123-456-789

Invoice No......: 00458
Date............: 12 Mar 24
Customer........: Kauri Motors
Order No........: K-118

Description                    Qty     Unit      Total
Brake pads (front)               2    45.50      91.00
Labour                         1.5    80.00     120.00

                       Subtotal   NZD   211.00
                       GST 15%    NZD    31.65
                       TOTAL      NZD   242.65
"""

WITHOUT_LABELS = """
Tallgrass Media LLC                      INVOICE
77 Prairie Ave                           INV-3307
Omaha, NE 68102                          May 2, 2023

Blue Heron Press
310 Lake Street
Madison, WI 53703

Web banner design            $400.00
Social media kit             $250.00

                     TOTAL   $650.00

Due upon receipt
"""

FRENCH_TELECOM = """
TéléNord                                   Facture du 05 mars 2024
Service Clients                            N° de facture 1198220345
BP 100                                     N° client 8834412
59000 Lille

                                           M. Paul Martin
                                           14 rue des Lilas
                                           59200 Tourcoing

Votre forfait mobile                       15,82 € HT
Options                                     2,50 € HT

Total HT                                   18,32 €
TVA 20,00 %                                 3,66 €
Total TTC                                  21,98 €

Montant prélevé le 15 mars 2024
"""

AUSTRIAN = """
Tischlerei Moser e.U.
Hauptstraße 8
6020 Innsbruck
UID: ATU57780814

Gasthof Alpenblick
Dorf 12                                            RECHNUNG
6100 Seefeld                                       Nr.: 24-0071
                                                   Datum: 08.08.2024
                                                   Leistungszeitraum: Juli 2024

Pos.  Bezeichnung               Menge        EP          GP
1     Eckbank Zirbe              1,00    2.450,00    2.450,00
2     Lieferung und Montage      1,00      280,00      280,00
      3 % Rabatt auf Pos. 1                            -73,50

      Summe netto                                    2.656,50
      20 % USt.                                        531,30
      Rechnungsbetrag                                3.187,80

Zahlbar innerhalb von 14 Tagen netto.
"""

AMERICAN_RECEIPT = """
       JOE'S DINER
     101 Main Street
    Austin, TX 78701
     (512) 555-0100

Server: Amy     Check #: 3021
06/18/2023      7:45 PM

1 Cheeseburger          11.95
2 Iced Tea               5.50
1 Pie                    4.75

Subtotal                22.20
Tax                      1.83
Total                  $24.03

VISA ****1234           24.03
Tip        ________
Thank You!
"""
